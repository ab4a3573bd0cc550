// SPDX-License-Identifier: Apache-2.0
// The one airing that is looked at, and what its proof says, in the order in which people read it.
import { reactive, readonly } from 'vue';

import { get, Refused } from '../api/client';
import type { Fault, WholeAiring } from '../api/types';

const state = reactive({
  is_open: false,
  whole: null as WholeAiring | null,
  /// Why it cannot be shown: a sentence of the API, or true where nobody answered.
  trouble: null as Fault | true | null,
});
export const looked_at = readonly(state);

let asked = -1;

export async function open_airing(entry: number): Promise<void> {
  asked = entry;
  Object.assign(state, { is_open: true, whole: null, trouble: null });
  try {
    const { body } = await get<WholeAiring>(`airings/${entry}`);
    if (asked === entry) state.whole = body;
  } catch (error) {
    if (asked === entry) state.trouble = error instanceof Refused ? error.fault : true;
  }
}

export function close_airing(): void {
  asked = -1;
  state.is_open = false;
}

/// Kinds of violations that a proof may name; "airing.found" has their words.
export const violations = [
  'sync_errors', 'continuity_errors', 'pat_late', 'pmt_late', 'transport_errors', 'crc_errors', 'pcr_late', 'pcr_jumps',
  'pcr_inaccurate', 'pts_late', 'late_units',
] as const;

/// Worst values during the airing, with their unit and how many of the proof's make one of it.
export const extremes = [
  { name: 'pcr_interval_max_us', unit: 'ms', scale: 1000 },
  { name: 'pcr_accuracy_max_ns', unit: 'ns', scale: 1 },
  { name: 'pat_interval_max_us', unit: 'ms', scale: 1000 },
  { name: 'pmt_interval_max_us', unit: 'ms', scale: 1000 },
  { name: 'pts_interval_max_us', unit: 'ms', scale: 1000 },
  { name: 'lead_min_us', unit: 'ms', scale: 1000 },
] as const;

const told_apart = new Set<string>([
  'frames_sent', 'frames_expected', 'frames_in_doubt', 'first_pts', 'last_pts', 'packets', 'send_errors', 'late_max_us', 'sha256',
  'signal_violations', ...violations, ...extremes.map((e) => e.name),
]);

/// What a plugin says in words of its own, as text; at most `most` of it.
export function others(proof: Readonly<Record<string, unknown>>, most: number): [string, string][] {
  return Object.entries(proof)
    .filter(([name]) => !told_apart.has(name))
    .slice(0, most)
    .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]);
}

/// Below `least` it says that there is none: a time stamp of what never began is −1.
export function number_in(proof: Readonly<Record<string, unknown>>, name: string, least = 0): number | null {
  const value = proof[name];
  return typeof value === 'number' && value >= least ? value : null;
}

/// A time stamp of the 90 kHz clock as the time that it means: "18:22:10.040".
export function stamp_text(ticks: number): string {
  return new Date(Math.round(ticks / 90)).toISOString().slice(11, 23);
}

/// "0f2a 88c1 …": a hash that can be compared by eye.
export function in_groups(hash: string): string {
  return hash.replace(/(.{8})(?=.)/g, '$1 ');
}
