// SPDX-License-Identifier: Apache-2.0
// Folds rows of counts; grades of evidence keep their own columns all the way.
import type { CountRow } from './api/types';

export type Sum = Omit<CountRow, 'campaign' | 'channel'>;

export function sum_of(rows: readonly CountRow[]): Sum {
  const sum: Sum = { airings: 0, seconds: 0, measured: 0, reported: 0, inferred: 0, incomplete: 0 };
  for (const row of rows)
    for (const key of Object.keys(sum) as (keyof Sum)[]) sum[key] += row[key];
  return sum;
}

export function of_campaign(rows: readonly CountRow[], campaign: string): CountRow[] {
  return rows.filter((row) => row.campaign === campaign);
}

/// Whole minutes from ten on, one decimal below: a first spot of 15 s is not "0".
export function minutes(seconds: number): string {
  const value = seconds / 60;
  const digits = value < 10 ? 1 : 0;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
