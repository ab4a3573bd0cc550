// SPDX-License-Identifier: Apache-2.0
// The service worker: the page opens without a network, and videos come from the cache, also when
// a part is asked for (the Cache API keeps no parts, so they are cut here).
const shell = 'civicast-shell';
const media = 'civicast-media';

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

async function part(stored, range) {
  const blob = await stored.blob();
  const [, from, to] = range.match(/^bytes=(\d+)-(\d*)$/) ?? [];
  if (from === undefined) return stored;
  const first = Number(from);
  const last = Math.min(to === '' ? blob.size - 1 : Number(to), blob.size - 1);
  if (first > last) return new Response(null, { status: 416, headers: { 'Content-Range': `bytes */${blob.size}` } });
  return new Response(blob.slice(first, last + 1), {
    status: 206,
    headers: {
      'Content-Type': stored.headers.get('Content-Type'),
      'Content-Range': `bytes ${first}-${last}/${blob.size}`,
      'Content-Length': String(last - first + 1),
      'Accept-Ranges': 'bytes',
    },
  });
}

async function from_cache(request) {
  const cache = await caches.open(media);
  const stored = await cache.match(new URL(request.url).pathname);
  if (!stored) return fetch(request);
  const range = request.headers.get('Range');
  return range ? part(stored, range) : stored;
}

/// The page itself: as it is now if the server answers soon, else as it was.
async function fresh_or_kept(request) {
  const cache = await caches.open(shell);
  try {
    const reply = await fetch(request, { signal: AbortSignal.timeout(3000) });
    if (reply.ok) await cache.put(request.url, reply.clone());
    return reply;
  } catch (error) {
    const kept = await cache.match(request.url);
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener('fetch', (event) => {
  const path = new URL(event.request.url).pathname;
  if (event.request.method !== 'GET') return;
  if (path.startsWith('/media/')) event.respondWith(from_cache(event.request));
  else if (path.startsWith('/screen/') || path.startsWith('/player/')) event.respondWith(fresh_or_kept(event.request));
});
