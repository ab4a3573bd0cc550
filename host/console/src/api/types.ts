// SPDX-License-Identifier: Apache-2.0
// The shapes of /api/v1, as host/api/openapi/ describes them.

export interface Words {
  zh: string;
  en: string;
}

export interface Fault {
  code: string;
  number: number;
  at: string;
  zh: string;
  en: string;
  who: 'person' | 'operator' | 'engineer';
  /// Further ones of the same refusal.
  more?: readonly Fault[];
}

export type ItemState =
  | 'planned' | 'sent' | 'accepted' | 'started' | 'aired' | 'missed' | 'withdrawn'
  | 'refused' | 'unready' | 'later' | 'unknown' | 'held';

export interface Item {
  id: string;
  kind: 'placement' | 'programme' | 'filler' | 'bulletin';
  start: string;
  end: string;
  asset: string;
  title: Words;
  campaign?: string;
  makes_good?: string;
  state?: ItemState;
  why?: string;
  status?: string;
  live?: string;
  places?: readonly string[];
  thumbnail?: string | null;
}

/// Why a worker ended last: `detail` is its last words, for the engineer.
export interface WorkerFault extends Fault {
  detail?: string;
  time?: string;
}

export interface Worker {
  state?: 'starting' | 'opening' | 'ready' | 'ending' | 'waiting' | 'stopped' | 'files';
  pid?: number;
  epoch?: number;
  restarts?: number;
  last_fault?: WorkerFault | null;
}

export interface Link {
  rel: string;
  href: string;
}

export interface ScreenStatus {
  place: string;
  href?: string;
  online: boolean;
  last_seen?: string | null;
  picture?: string | null;
  on_air?: string;
}

export interface Post {
  id: string;
  at: string;
  title: Words;
  href?: string;
}

/// The sections of a status, as sdk/wire/PROTOCOL.md describes them; members may be missing.
export interface StatusNow {
  placement: string;
  kind?: string;
  title?: string;
  frame?: number;
  frames?: number;
}

export interface StatusOutput {
  kind: string;
  address: string;
  sent?: number;
  errors?: number;
  unit?: Words;
  last_error?: Words;
  error_at?: string;
  receivers?: number;
}

export interface StatusInput {
  address: string;
  state: 'on_air' | 'standby' | 'away';
  losses?: number;
  says?: Words;
}

export interface StatusCues {
  sent?: number;
  missed?: number;
  next?: readonly { break: string; start: string; end: string; is_announced?: boolean }[];
}

export interface StatusCheck {
  id: string;
  name: Words;
  rule?: string;
  limit?: number;
  is_least?: boolean;
  unit?: string;
  worst?: number;
  violations?: number;
  violated_at?: string;
}

/// What a plugin says of itself: every member may be missing.
export interface PluginStatus {
  on_air?: StatusNow | null;
  notice?: Words;
  outputs?: readonly StatusOutput[];
  inputs?: readonly StatusInput[];
  cues?: StatusCues;
  checks?: readonly StatusCheck[];
  counters?: Readonly<Record<string, number>>;
  links?: readonly Link[];
  screens?: readonly ScreenStatus[];
  posts?: readonly Post[];
}

/// What a plugin's manifest calls a counter, and which section of its status shows it already.
export interface CounterName extends Words {
  in?: 'outputs' | 'inputs' | 'cues' | 'checks';
}

export interface Channel {
  id: string;
  name: Words;
  counters: Readonly<Record<string, CounterName>>;
}

export interface LiveChannel {
  id: string;
  name: Words;
  plugin: string;
  worker: Worker;
  on_air: Item | null;
  next: readonly Item[];
  latest?: readonly Item[];
  status: PluginStatus | null;
  today: { planned: number; aired: number; missed: number; incomplete: number };
  held: { count: number; can_ask: boolean };
}

export interface Live {
  station: { id: string; name: Words; zone: string };
  now: string;
  channels: readonly LiveChannel[];
  ledger: { size: number; good: boolean | null };
}

/** One of airings, seconds and share is there. */
export interface Target {
  channels: readonly string[];
  places?: readonly string[];
  all?: boolean;
  airings?: number;
  seconds?: number;
  per?: 'day' | 'campaign';
  share?: number;
  of?: 'seconds' | 'airings';
  day_cap?: number;
  channel_day_cap?: number;
}

export interface Campaign {
  id: string;
  title: Words;
  class: string;
  first: string;
  last: string;
  targets: readonly Target[];
  position: 'any' | 'first' | 'last';
  not_with: readonly { campaign?: string; topic?: string }[];
}

export interface Place {
  id: string;
  name: Words;
  kind: string;
  parent: string;
}

export interface CountRow {
  campaign?: string;
  channel?: string;
  airings: number;
  seconds: number;
  measured: number;
  reported: number;
  inferred: number;
  incomplete: number;
}

export type HeldChoice = 'ask' | 'again' | 'leave';

/// A step of an inquiry into what became of a placement, as the ledger has it.
export interface HeldStep {
  entry: number;
  step: HeldChoice | 'answer';
  at: string;
  by: string;
  note: string;
  verdict?: 'done' | 'refused' | 'unready' | 'later' | 'unknown' | 'broken';
}

export interface HeldPlacement {
  placement: string;
  channel: string;
  item: Item | null;
  handed: string | null;
  attempts: number;
  known: Words;
  steps: readonly HeldStep[];
  settled: HeldStep | null;
  aired: { entry: number; start: string; end: string; recorded: string; evidence: string } | null;
}

export interface Held {
  held: readonly HeldPlacement[];
  settled: readonly HeldPlacement[];
}

export interface Airing {
  entry: number;
  channel: string;
  placement: string;
  place: string;
  play: number;
  fact: 'aired' | 'missed' | 'withdrawn';
  status: string;
  evidence: 'measured' | 'reported' | 'inferred';
  start: string | null;
  end: string | null;
  campaign: string;
  title: Words;
  recorded: string;
  counted: boolean;
  dispute: Words | null;
  settled?: HeldStep | null;
}

/// One airing from the ledger itself.
export interface WholeAiring extends Airing {
  planned_start: string | null;
  planned_end: string | null;
  house_sha256: string;
  plugin: string;
  plugin_version: string;
  remote: string;
  proof: Readonly<Record<string, unknown>>;
  inquiry?: readonly HeldStep[];
}

/// Who cosigns this ledger, and whose this host cosigns.
export interface Witnessing {
  quorum: boolean | null;
  size: number | null;
  at: string | null;
  fault: Fault | null;
  witnesses: { name: string; size: number; at: string | null; fault: Fault | null }[];
  witnessed: { origin: string; size: number; at: string | null; fault: Fault | null; refused_at: string | null }[];
}

export interface Ledger {
  size: number;
  signed_size: number;
  root: string;
  checkpoint: string;
  signed_at: string | null;
  witnessing: Witnessing;
  verdict: { good: boolean; at: string; size?: number; fault?: Fault | null } | null;
}

export interface ImportedItem {
  kind: 'placement' | 'programme' | 'filler';
  start: string;
  end: string;
  asset: string;
  title: Words;
  campaign: string;
}

export interface Change {
  kind: 'added' | 'removed' | 'changed';
  before: ImportedItem | null;
  after: ImportedItem | null;
}

/// What was or would be done with a file of another system.
export interface Import {
  channel: string;
  format: 'ccms' | 'bxf';
  events: number;
  faults: Fault[];
  remarks: Fault[];
  done: boolean;
}

export interface ScheduleImport extends Import {
  date: string;
  over: number;
  added: number;
  removed: number;
  changed: number;
  changes: Change[];
}

export interface AsRunImport extends Import {
  aired: number;
  missed: number;
  open: number;
  others: number;
  entered: number;
  known: number;
  disputes: Words[];
}

export interface Asset {
  id: string;
  title: Words;
  kind: 'video' | 'audio' | 'image' | 'text';
  duration_ms: number;
  thumbnail: string | null;
}

/// An emergency message as a person asks for it.
export interface BulletinOrder {
  token: string;
  asset: string;
  channels?: string[];
  place?: string;
  start?: string;
  length_ms?: number;
  times?: number;
  every_ms?: number;
  reason: string;
}

export type BulletinStage = 'waiting' | 'handed' | 'on_air' | 'aired' | 'failed' | 'recalled' | 'unclear';

export interface BulletinFact {
  entry: number;
  place: string;
  fact: string;
  status: string;
  evidence: string;
}

export interface BulletinShowing {
  id: string;
  start: string;
  end: string;
  places: readonly string[];
  stage: BulletinStage;
  stage_words: Words;
  sentence: Words;
  facts: readonly BulletinFact[];
}

export interface BulletinChannel {
  channel: string;
  name: Words;
  stage: BulletinStage;
  stage_words: Words;
  sentence: Words;
  start: string;
  end: string;
  count: number;
  aired: number;
  showings?: readonly BulletinShowing[];
  preempted?: readonly Item[];
}

export interface Act {
  at: string;
  by: string;
  reason: string;
}

export interface Bulletin {
  id: string;
  token: string;
  asset: string;
  title: Words;
  thumbnail: string;
  issued: Act;
  recalled: Act | null;
  channels: readonly BulletinChannel[];
  is_over: boolean;
}

export interface BulletinPreview {
  asset: string;
  title: Words;
  channels: readonly {
    channel: string;
    name: Words;
    showings: readonly { start: string; end: string; places: readonly string[] }[];
    preempted: readonly Item[];
  }[];
}
