// SPDX-License-Identifier: Apache-2.0
// What the page of reports asks of the API, and where the same can be had as a file.
import { get, post } from '../api/client';

export interface ReconciledRow {
  day: string;
  channel: string;
  channel_name: string;
  campaign: string;
  campaign_title: string;
  title: string;
  planned_start: string;
  outcome: string;
  start: string;
  evidence: string;
  made_good: number;
  entry: number | null;
  placement: string;
  notes: string;
}

export interface UnplannedRow {
  channel: string;
  start: string;
  fact: string;
  evidence: string;
  why: string;
  entry: number;
  placement: string;
  notes: string;
}

export interface Reconciliation {
  total: number;
  rows: ReconciledRow[];
  unplanned: UnplannedRow[];
  summary: { outcome: string; placements: number }[];
}

export interface Judged {
  day: string;
  channel: string;
  channel_name: string;
  rule: string;
  says_zh: string;
  says_en: string;
  source_zh: string;
  source_en: string;
  asked: string;
  had: string;
  standing: 'met' | 'not_met' | 'unjudged' | 'running';
  why_zh: string;
  why_en: string;
  mend_zh: string;
  mend_en: string;
}

export interface Days {
  from: string;
  to: string;
  channel: string;
}

/// "reports/compliance?from=…": of the API; with a format it is a file.
export function address_of(report: string, days: Days, more: Record<string, string> = {}): string {
  const query = new URLSearchParams({ from: days.from, to: days.to, ...more });
  if (days.channel) query.set('channel', days.channel);
  return `reports/${report}?${query}`;
}

export async function reconciled(days: Days, only_open: boolean): Promise<Reconciliation> {
  return (await get<Reconciliation>(address_of('reconciliation', days, { open: String(only_open), limit: '500' }))).body;
}

export async function judged(days: Days): Promise<Judged[]> {
  return (await get<{ rows: Judged[] }>(address_of('compliance', days, { limit: '1000' }))).body.rows;
}

export async function explain(placement: string, by: string, text: string): Promise<void> {
  await post('notes', { placement, by, text });
}

/// "08:00:00" of "2026-11-28T08:00:00+08:00": the reports are in the station's time already.
export function clock_of(local: string): string {
  return local.slice(11, 19);
}
