// SPDX-License-Identifier: Apache-2.0
// Asks the API of the server that this page came from; remembers ETags, so that what has not
// changed is not sent again.
import type { Fault } from './types';

/// The API said no: its sentences, in both languages.
export class Refused extends Error {
  constructor(readonly fault: Fault) {
    super(fault.en);
  }
}

const timeout_ms = 8000;
const known = new Map<string, { etag: string; body: unknown }>();

/// The JSON at `path`, and whether it differs from the last answer. Throws Refused, or whatever
/// `fetch` throws when nobody answers.
export async function get<T>(path: string): Promise<{ body: T; is_new: boolean }> {
  const last = known.get(path);
  const answer = await fetch(`/api/v1/${path}`, {
    headers: last ? { 'If-None-Match': last.etag } : {},
    cache: 'no-store',
    signal: AbortSignal.timeout(timeout_ms),
  });
  if (answer.status === 304 && last) return { body: last.body as T, is_new: false };
  const body: unknown = await answer.json();
  if (!answer.ok) throw new Refused(body as Fault);
  const etag = answer.headers.get('ETag');
  if (etag) known.set(path, { etag, body });
  return { body: body as T, is_new: true };
}

/// Sends the bytes of a file to `path`; the JSON that comes back. Throws as `get` does. An import waits
/// for its turn, so it is given longer.
export async function send<T>(path: string, file: Blob): Promise<T> {
  const answer = await fetch(`/api/v1/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/octet-stream' },
    body: file,
    signal: AbortSignal.timeout(15 * timeout_ms),
  });
  const body: unknown = await answer.json();
  if (!answer.ok) throw new Refused(body as Fault);
  return body as T;
}

/// Sends `body` to `path` and gives what is answered. Throws like get.
export async function post<T>(path: string, body: unknown): Promise<T> {
  const answer = await fetch(`/api/v1/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(timeout_ms),
  });
  const said: unknown = await answer.json();
  if (!answer.ok) throw new Refused(said as Fault);
  return said as T;
}

/// Forgets answers whose addresses will not be asked for again.
export function forget(prefix: string): void {
  for (const path of known.keys()) if (path.startsWith(prefix)) known.delete(path);
}
