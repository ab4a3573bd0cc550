// SPDX-License-Identifier: Apache-2.0
// The stretch of time that the timeline shows, and where an instant stands in it.
import { ahead_ms, behind_ms, station } from './station';

const span_ms = behind_ms + ahead_ms;

/// Where the present stands, in percent from the left.
export const now_percent = (behind_ms / span_ms) * 100;

/// Percent from the left; below 0 and above 100 outside.
export function percent_at(ms: number): number {
  return ((ms - station.now_ms + behind_ms) / span_ms) * 100;
}

/// The whole minutes in the stretch, as instants.
export function minutes_shown(): number[] {
  const first = Math.ceil((station.now_ms - behind_ms) / 60_000) * 60_000;
  const shown: number[] = [];
  for (let ms = first; ms <= station.now_ms + ahead_ms; ms += 60_000) shown.push(ms);
  return shown;
}
