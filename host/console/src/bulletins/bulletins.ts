// SPDX-License-Identifier: Apache-2.0
// Bulletins as this page knows them: the list, asked for while the page is open, and the ones that
// are not over in full.
import { reactive, readonly } from 'vue';

import { get, post, Refused } from '../api/client';
import type { Asset, Bulletin, BulletinOrder, BulletinPreview, Fault } from '../api/types';

const every_ms = 1000;

const state = reactive({
  assets: [] as Asset[],
  list: [] as Bulletin[],
  /// Whole ones, by id.
  whole: {} as Record<string, Bulletin>,
  is_known: false,
});

let watchers = 0;
const wanted = new Set<string>();

async function ask(): Promise<void> {
  if (!state.assets.length) state.assets = (await get<Asset[]>('assets')).body;
  state.list = (await get<{ bulletins: Bulletin[] }>('bulletins')).body.bulletins;
  state.is_known = true;
  const whole = state.list.filter((b) => !b.is_over || wanted.has(b.id) || state.whole[b.id]?.is_over === false);
  for (const { id } of whole) state.whole[id] = (await get<Bulletin>(`bulletins/${id}`)).body;
}

async function turn(): Promise<void> {
  try {
    await ask();
  } catch {
    // The station's own timer says what is wrong with the service.
  }
  if (watchers > 0) setTimeout(turn, every_ms);
}

/// Keeps the list fresh until what is returned is called.
export function watch_bulletins(): () => void {
  if (++watchers === 1) void turn();
  return () => void --watchers;
}

/// Asks for this one in full too, though it is over.
export function want(id: string): void {
  wanted.add(id);
}

export const bulletins = readonly(state);

export const preview = (order: BulletinOrder) => post<BulletinPreview>('bulletins/preview', order);

export async function issue(order: BulletinOrder): Promise<void> {
  const issued = await post<Bulletin>('bulletins', order);
  state.whole[issued.id] = issued;
  state.list = [issued, ...state.list.filter((b) => b.id !== issued.id)];
}

export async function recall(id: string, reason: string): Promise<void> {
  state.whole[id] = await post<Bulletin>(`bulletins/${id}/recall`, { reason });
}

/// The sentences of a refusal; null where nobody answered.
export function faults_of(error: unknown): readonly Fault[] | null {
  return error instanceof Refused ? [error.fault, ...(error.fault.more ?? [])] : null;
}
