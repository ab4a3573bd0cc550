// SPDX-License-Identifier: Apache-2.0
// Instants as the station's wall clock shows them.

const formats = new Map<string, Intl.DateTimeFormat>();

function format(locale: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${zone} ${JSON.stringify(options)}`;
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
    formats.set(key, made);
  }
  return made;
}

/// "2026-11-23"
export function local_day(ms: number, zone: string): string {
  return format('sv-SE', zone, { year: 'numeric', month: '2-digit', day: '2-digit' }).format(ms);
}

/// "22:36:05"
export function clock_text(instant: number | string, zone: string): string {
  const ms = typeof instant === 'string' ? Date.parse(instant) : instant;
  return format('sv-SE', zone, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(ms);
}

/// "22:36:05.120"
export function clock_ms_text(instant: string, zone: string): string {
  const text = format('sv-SE', zone, { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 });
  return text.format(Date.parse(instant)).replace(',', '.');
}

/// "11月23日 星期一", "Monday 23 November"
export function day_text(ms: number, zone: string, locale: string): string {
  const language = locale === 'zh' ? 'zh-CN' : 'en-GB';
  return format(language, zone, { month: 'long', day: 'numeric', weekday: 'long' }).format(ms);
}

export function ms_of(instant: string): number {
  return Date.parse(instant);
}

/// UTC milliseconds at which the station's clock shows `local`, "2026-11-23T19:30" or with seconds.
export function instant_of(local: string, zone: string): number {
  const wished = Date.parse(`${local}Z`);
  const shown = (ms: number) => Date.parse(`${local_day(ms, zone)}T${clock_text(ms, zone)}Z`);
  const guess = wished - (shown(wished) - wished);
  // Once more, where the clock is changed between the two.
  return guess - (shown(guess) - wished);
}
