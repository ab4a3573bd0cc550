// SPDX-License-Identifier: Apache-2.0
// The files that the plan needs, fetched whole, checked against their SHA-256, and kept in the
// browser's cache. The service worker (sw.js) serves <video> from there. A file is shown only once
// it is all here: nothing on a screen waits for a network.
export const cache_name = 'civicast-media';
const reserve = 0.8;

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

export class MediaStore {
  #ready = new Set();
  #fetching = new Map();

  is_ready(item) { return this.#ready.has(item.sha256); }

  /// Fetches what is missing of `items`, in their order, one after the other.
  async prepare(items) {
    for (const item of items) {
      try {
        await this.fetch(item);
      } catch (error) {  // tried again with the next plan
        console.warn('media', item.media, error);
      }
    }
  }

  fetch(item) {
    if (this.is_ready(item)) return Promise.resolve();
    if (!this.#fetching.has(item.sha256))
      this.#fetching.set(item.sha256, this.#fetch(item).finally(() => this.#fetching.delete(item.sha256)));
    return this.#fetching.get(item.sha256);
  }

  async #fetch(item) {
    const cache = await caches.open(cache_name);
    if (!(await cache.match(item.media))) {
      const reply = await fetch(item.media, { signal: AbortSignal.timeout(120_000) });
      if (!reply.ok) throw new Error(`${reply.status} for ${item.media}`);
      const bytes = await reply.arrayBuffer();
      const sha256 = hex(await crypto.subtle.digest('SHA-256', bytes));
      if (sha256 !== item.sha256) throw new Error(`${item.media} arrived as ${sha256}`);
      await cache.put(item.media, new Response(bytes, { headers: { 'Content-Type': item.mime, 'Content-Length': bytes.byteLength } }));
    }
    this.#ready.add(item.sha256);
  }

  /// When the browser's store runs full, files that `items` do not need go.
  async prune(items) {
    const { usage = 0, quota = Infinity } = await navigator.storage.estimate();
    if (usage < quota * reserve) return;
    const needed = new Set(items.map((item) => item.media));
    const cache = await caches.open(cache_name);
    for (const request of await cache.keys()) {
      const path = new URL(request.url).pathname;
      if (needed.has(path)) continue;
      this.#ready.delete(path.split('/').pop());
      await cache.delete(request);
    }
  }
}
