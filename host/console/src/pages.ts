// SPDX-License-Identifier: Apache-2.0
// Which page is shown: the part of the address after "#/".
import { readonly, ref } from 'vue';

/// In the order of the menu; the first is the one without a name.
export const pages = ['overview', 'bulletins'] as const;
export type Page = (typeof pages)[number];

const shown = ref<Page>('overview');
export const page = readonly(shown);

export function address_of(one: Page): string {
  return one === pages[0] ? '#/' : `#/${one}`;
}

function look(): void {
  shown.value = pages.find((one) => address_of(one) === location.hash) ?? pages[0];
}

window.addEventListener('hashchange', look);
look();
