// SPDX-License-Identifier: Apache-2.0
// Which page is shown: the part of the address after "#/", and behind another slash of what.
import { readonly, ref } from 'vue';

/// In the order of the menu; the first is the one without a name.
export const pages = ['overview', 'channels', 'bulletins', 'reports'] as const;
export type Page = (typeof pages)[number];

const shown = ref<Page>('overview');
const about = ref('');
export const page = readonly(shown);
/// Of the page of channels: which one; empty where the address names none.
export const subject = readonly(about);

export function address_of(one: Page, of = ''): string {
  if (one === pages[0]) return '#/';
  return of ? `#/${one}/${encodeURIComponent(of)}` : `#/${one}`;
}

function look(): void {
  const [name = '', of = ''] = location.hash.replace(/^#\//, '').split('/');
  shown.value = pages.find((one) => one === name) ?? pages[0];
  about.value = decodeURIComponent(of);
}

window.addEventListener('hashchange', () => {
  look();
  window.scrollTo(0, 0);
});
look();
