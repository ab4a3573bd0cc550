// SPDX-License-Identifier: Apache-2.0
// What nobody could tell on one channel, asked for while its page is open, and what a person decides.
import { reactive, readonly } from 'vue';

import { forget, get, post } from '../api/client';
import type { Held, HeldChoice, HeldPlacement } from '../api/types';

const every_ms = 2000;
const remembered = 'civicast.name';

const state = reactive({
  channel: '',
  held: [] as HeldPlacement[],
  settled: [] as HeldPlacement[],
});
export const held = readonly(state);

let turns = 0;

async function ask(channel: string): Promise<void> {
  const { body } = await get<Held>(`held?channel=${channel}&limit=50`);
  if (channel === state.channel) Object.assign(state, body);
}

/// Keeps the list of `channel` fresh until another one is asked for, or none ("").
export function watch_held(channel: string): void {
  forget('held?');
  Object.assign(state, { channel, held: [], settled: [] });
  const turn = ++turns;
  const go = async (): Promise<void> => {
    if (turn !== turns || !channel) return;
    try {
      await ask(channel);
    } catch {
      // The station's own timer says what is wrong with the service.
    }
    setTimeout(go, every_ms);
  };
  void go();
}

export async function decide(placement: string, choice: HeldChoice, by: string, note: string): Promise<void> {
  localStorage.setItem(remembered, by);
  await post<HeldPlacement>(`held/${encodeURIComponent(placement)}`, { choice, by, note });
  if (state.channel) await ask(state.channel);
}

/// Whoever decided last on this computer.
export const last_name = (): string => localStorage.getItem(remembered) ?? '';
