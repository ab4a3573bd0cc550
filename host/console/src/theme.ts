// SPDX-License-Identifier: Apache-2.0

/// Element Plus turns dark by a class; this page follows what the browser prefers.
export function follow_colour_scheme(): void {
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const follow = () => document.documentElement.classList.toggle('dark', dark.matches);
  dark.addEventListener('change', follow);
  follow();
}
