// SPDX-License-Identifier: Apache-2.0
// A station screen's page. Everything follows from the plan and the server's clock: what is on air
// at a moment is decided by looking, never by what was on before, so a page that was away, slow or
// reloaded is right again with its next look.
import { ServerClock } from './server_clock.js';
import { Plan } from './plan.js';
import { MediaStore } from './media_store.js';
import { PlayQueue } from './play_queue.js';
import { Stage } from './stage.js';
import { Slate } from './slate.js';
import { Picture } from './picture.js';
import { Unfinished } from './unfinished.js';

const look_ms = 40;
const plan_every_ms = 2000;     // a bulletin is issued seconds before it begins
const clock_every_ms = 30_000;
const picture_every_ms = 5000;
const load_ahead_ms = 10_000;    // when the next item goes into its video
const fetch_ahead_ms = 3_600_000;

const place = decodeURIComponent(location.pathname.split('/').pop());
const clock = new ServerClock();
const plan = new Plan(place);
const media = new MediaStore();
const slate = new Slate(document);
const queue = await PlayQueue.open(place);
const unfinished = new Unfinished(place);
const stage = new Stage([document.getElementById('a'), document.getElementById('b')], clock, async (record) => {
  await queue.add(record);
  unfinished.clear(record.placement);
  await queue.send();
});
const picture = new Picture(place);

const every = (ms, work) => {
  const round = async () => {
    try {
      await work();
    } catch (error) {
      console.warn(error);
    }
    setTimeout(round, ms);
  };
  round();
};

function look() {
  const now = clock.now();
  const item = plan.on(now);
  const next = plan.after(now);
  if (next && next.start_ms - now < load_ahead_ms && media.is_ready(next)) stage.prepare(next);
  stage.tick(item && media.is_ready(item) ? item : undefined);
  const visible = stage.visible;
  slate.show(!visible, now, plan, place);
  document.documentElement.dataset.onAir = visible?.item.id ?? '';
  if (visible && visible === stage.on_air) unfinished.keep(visible.progress);
}

/// The worker that serves videos from the cache must be in charge before the first one is loaded.
async function worker() {
  await navigator.serviceWorker.register('/sw.js');
  if (navigator.serviceWorker.controller) return;
  await Promise.race([
    new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true })),
    new Promise((resolve) => setTimeout(resolve, 5000)),
  ]);
}

/// The page, as it was loaded, for a start without a network.
async function keep_page() {
  const parts = performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname);
  const shell = await caches.open('civicast-shell');
  await shell.addAll([location.pathname, ...new Set(parts.filter((path) => path.startsWith('/player/')))]);
}

async function report_unfinished() {
  const left = unfinished.take();
  if (!left) return;
  await queue.add({ ...left, outcome: 'partial', reason: 'interrupted' });
  unfinished.clear(left.placement);
}

async function fetch_media() {
  const soon = plan.files(clock.now(), fetch_ahead_ms);
  await media.prepare(soon);
  await media.prune(soon);
}

const soon = (work) => work.catch((error) => console.warn(error));
await soon(navigator.storage.persist());
await soon(worker());
await soon(keep_page());
await soon(clock.exchange());
await report_unfinished();
every(clock_every_ms, () => clock.exchange());
every(plan_every_ms, async () => {
  await plan.refresh(stage.visible?.item.id ?? '');
  await queue.send();
});
every(1000, fetch_media);
every(picture_every_ms, () => picture.send(stage.visible?.video, plan.station));
every(look_ms, look);
