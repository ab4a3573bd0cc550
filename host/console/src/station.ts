// SPDX-License-Identifier: Apache-2.0
// The station as this page knows it. One timer asks for /live every second; what the ledger
// counts is asked for again when the ledger has grown.
import { computed, reactive, readonly } from 'vue';

import { forget, get, Refused } from './api/client';
import type { Airing, Campaign, Channel, CounterName, CountRow, Fault, Item, Ledger, Live, Place } from './api/types';
import { local_day } from './time';

const turn_ms = 1000;
const playlists_every_ms = 3000;
const quiet_ms = 15_000;
export const behind_ms = 80_000;
export const ahead_ms = 160_000;

const state = reactive({
  live: null as Live | null,
  campaigns: [] as Campaign[],
  places: [] as Place[],
  /// What the plugins call their counters, by channel.
  counters: {} as Record<string, Readonly<Record<string, CounterName>>>,
  today: [] as CountRow[],
  total: [] as CountRow[],
  airings: [] as Airing[],
  ledger: null as Ledger | null,
  playlists: {} as Record<string, Item[]>,
  /// Why the last question failed: a sentence of the API, or true where nobody answered.
  trouble: null as Fault | true | null,
  /// The station's clock, UTC milliseconds; it ticks between answers.
  now_ms: Date.now(),
});

let offset_ms = 0;
let counted_size = -1;
let counted_at = 0;
let playlists_at = 0;
let knows_names = false;

function tick(): void {
  state.now_ms = Date.now() + offset_ms;
}

async function ask_names(): Promise<void> {
  state.campaigns = (await get<Campaign[]>('campaigns')).body;
  state.places = (await get<Place[]>('places')).body;
  for (const { id, counters } of (await get<Channel[]>('channels')).body) state.counters[id] = counters;
  knows_names = true;
}

async function ask_live(): Promise<void> {
  const { body, is_new } = await get<Live>('live');
  if (is_new) offset_ms = Date.parse(body.now) - Date.now();
  state.live = body;
}

async function ask_counts(live: Live): Promise<void> {
  const is_due = live.ledger.size !== counted_size || Date.now() - counted_at > quiet_ms;
  if (!is_due) return;
  const day = local_day(state.now_ms, live.station.zone);
  const by = 'counts?by=campaign,channel';
  const [today, total, airings, ledger] = await Promise.all([
    get<{ rows: CountRow[] }>(`${by}&from=${day}&to=${day}`),
    get<{ rows: CountRow[] }>(by),
    get<{ airings: Airing[] }>('airings?limit=12'),
    get<Ledger>('ledger'),
  ]);
  state.today = today.body.rows;
  state.total = total.body.rows;
  state.airings = airings.body.airings;
  state.ledger = ledger.body;
  counted_size = live.ledger.size;
  counted_at = Date.now();
}

async function ask_playlists(live: Live): Promise<void> {
  if (Date.now() - playlists_at < playlists_every_ms) return;
  const since = new Date(state.now_ms - behind_ms - 30_000).toISOString();
  const until = new Date(state.now_ms + ahead_ms + 30_000).toISOString();
  forget('playlists/');
  const asked = live.channels.map(async ({ id }) => {
    state.playlists[id] = (
      await get<{ items: Item[] }>(`playlists/${id}?since=${since}&until=${until}`)
    ).body.items;
  });
  await Promise.all(asked);
  playlists_at = Date.now();
}

async function turn(): Promise<void> {
  try {
    if (!knows_names) await ask_names();
    await ask_live();
    if (state.live) await Promise.all([ask_counts(state.live), ask_playlists(state.live)]);
    state.trouble = null;
  } catch (error) {
    state.trouble = error instanceof Refused ? error.fault : true;
  }
  tick();
  setTimeout(turn, turn_ms);
}

export function start(): void {
  setInterval(tick, 250);
  void turn();
}

export const station = readonly(state);
export const zone = computed(() => state.live?.station.zone ?? 'Asia/Shanghai');
