// SPDX-License-Identifier: Apache-2.0
// How what a plugin says of its outputs and checks is judged. Pure.
import type { StatusCheck, StatusOutput } from '../api/types';

export interface Verdict {
  tone: 'good' | 'wait' | 'bad';
  /// Under "channel.mark" in the words.
  word: string;
}

const recent_ms = 60_000;

function is_recent(instant: string | undefined, now_ms: number): boolean {
  return instant !== undefined && now_ms - Date.parse(instant) < recent_ms;
}

export function verdict_of_output(output: StatusOutput, now_ms: number): Verdict {
  const has_errors = (output.errors ?? 0) > 0;
  // Without a date they may be of this second.
  if (has_errors && (!output.error_at || is_recent(output.error_at, now_ms))) return { tone: 'bad', word: 'errors' };
  if (output.receivers === 0) return { tone: 'wait', word: 'nobody' };
  if (has_errors) return { tone: 'wait', word: 'had_errors' };
  return { tone: 'good', word: 'good' };
}

export function is_beyond(check: StatusCheck): boolean {
  if (check.limit === undefined || check.worst === undefined) return false;
  return check.is_least ? check.worst < check.limit : check.worst > check.limit;
}

export function verdict_of_check(check: StatusCheck, now_ms: number): Verdict {
  const violations = check.violations ?? 0;
  const is_fresh = violations > 0 && (!check.violated_at || is_recent(check.violated_at, now_ms));
  if (is_beyond(check) || is_fresh) return { tone: 'bad', word: 'violated' };
  return violations > 0 ? { tone: 'wait', word: 'was_violated' } : { tone: 'good', word: 'kept' };
}

/// How much of what is allowed was used, 0 to 1; nothing where there is no such share.
export function share_used(check: StatusCheck): number | null {
  if (check.is_least || !check.limit || check.worst === undefined) return null;
  return Math.min(1, Math.max(0, check.worst / check.limit));
}

const weight = { bad: 0, wait: 1, good: 2 };

/// The first `most` of `list`: in its own order where all of it fits, else what is in trouble first.
export function first_of<T>(list: readonly T[], most: number, judge: (one: T) => Verdict): readonly T[] {
  if (list.length <= most) return list;
  return [...list].sort((a, b) => weight[judge(a).tone] - weight[judge(b).tone]).slice(0, most);
}

/// "20.9", "500", "699".
export function reading(value: number): string {
  const digits = Math.abs(value) < 100 && !Number.isInteger(value) ? 1 : 0;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
