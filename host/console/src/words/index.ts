// SPDX-License-Identifier: Apache-2.0
// The page's words in both languages, and which one is spoken.
import { createI18n } from 'vue-i18n';

import type { Words } from '../api/types';
import en from './en.json';
import zh from './zh.json';

export type Language = 'zh' | 'en';

const remembered = 'civicast.language';

function first_language(): Language {
  const last = localStorage.getItem(remembered);
  if (last === 'zh' || last === 'en') return last;
  return navigator.languages.some((l) => l.startsWith('zh')) || navigator.languages.length === 0 ? 'zh' : 'en';
}

export const i18n = createI18n({
  legacy: false,
  locale: first_language(),
  fallbackLocale: 'en',
  messages: { zh, en },
});

function dress(language: Language): void {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  document.title = i18n.global.t('title');
}

export function speak(language: Language): void {
  i18n.global.locale.value = language;
  localStorage.setItem(remembered, language);
  dress(language);
}

/// A text of the station in the language spoken, or in the other one where it is missing.
export function say(words: Words | undefined | null): string {
  if (!words) return '';
  return i18n.global.locale.value === 'zh' ? words.zh || words.en : words.en || words.zh;
}

/// What tells one of a series from the others: "富强" of "图说我们的价值观：富强".
export function say_short(words: Words): string {
  const whole = say(words);
  const at = Math.max(whole.lastIndexOf('：'), whole.lastIndexOf(': '));
  return at < 0 ? whole : whole.slice(at + 1).trim();
}

dress(i18n.global.locale.value as Language);
