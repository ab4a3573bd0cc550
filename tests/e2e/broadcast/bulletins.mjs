// SPDX-License-Identifier: Apache-2.0
// Law: a bulletin goes over what is on air on every channel; what it cut off ends as pre-empted and
// is counted by nobody; a host that is killed in the middle, a request made twice and a recall leave
// exactly what was meant.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { House, Receiver } from './house.mjs';
import { is_whole, Screen } from './screen.mjs';

const asset = 'prog-xianjie';  // of no campaign, in every channel's format
const place = 'screen-hemei';
const say = (text) => console.log(`${new Date().toISOString()} ${text}`);
const instant = (ms) => new Date(ms).toISOString();

const receiver = await Receiver.open();
const house = new House(receiver.port);

async function ask(path, body) {
  const answer = await fetch(`${house.api}/api/v1/${path}`, body && {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  });
  const said = await answer.json();
  assert.ok(answer.ok, `${path}: ${answer.status} ${JSON.stringify(said)}`);
  return said;
}

/// The bulletin once `is_so` holds for it; fails after `limit_ms`.
async function bulletin(id, is_so, limit_ms = 120_000) {
  const until = performance.now() + limit_ms;
  for (;;) {
    const whole = await ask(`bulletins/${id}`);
    if (is_so(whole)) return whole;
    if (performance.now() > until) throw new Error(`bulletin ${id} did not get there: ${JSON.stringify(whole)}\n${house.log()}`);
    await sleep(200);
  }
}
const stages = (whole) => Object.fromEntries(whole.channels.map((c) => [c.channel, c.stage]));
const of = (whole, channel) => whole.channels.find((c) => c.channel === channel);

/// A placement on `channel` that begins in 6 s or more: there is time to be handed everything.
async function next_placement(channel) {
  const now = Date.now();
  const { items } = await ask(`playlists/${channel}?since=${instant(now)}&until=${instant(now + 120_000)}`);
  return items.find((i) => i.kind === 'placement' && Date.parse(i.start) > now + 6000);
}

let screen;
try {
  await house.start();
  await receiver.flows(20000);
  screen = await Screen.open(new URL(`/screen/${place}`, await house.link('screens', 'player')).href);
  await house.channel('screens', (c) => c.status?.screens?.some((s) => s.place === place && s.online), 60000);
  await sleep(12_000);  // something is on air before it is cut

  // Into the middle of a placement, by the command line.
  const cut = await next_placement('cable');
  const start = Date.parse(cut.start) + 5000;
  const order = ['bulletin', 'issue', '--asset', asset, '--channel', 'cable', 'screens', 'feed', '--start', instant(start), '--reason', 'a test'];
  const trial = house.rows(...order, '--trial');
  assert.ok(trial.some((row) => row.channel === 'cable' && row.what.includes('pre-empted') && row.asset === cut.asset), 'what would be pre-empted is not told');
  assert.deepEqual(house.rows('bulletin', 'list'), [], 'a trial issued something');
  house.rows(...order, '--token', 'once');
  const first = house.rows(...order, '--token', 'once');
  const id = first[0].id;
  assert.equal(new Set(house.rows('bulletin', 'list').map((row) => row.id)).size, 1, 'one request became two bulletins');
  const issued_ms = performance.now();
  await bulletin(id, (b) => b.channels.every((c) => c.stage !== 'waiting'), 3000);
  say(`handed to every channel ${Math.round(performance.now() - issued_ms)} ms after it was issued`);
  await bulletin(id, (b) => of(b, 'cable').stage === 'on_air');
  const done = await bulletin(id, (b) => b.is_over);
  assert.deepEqual(stages(done), { cable: 'aired', screens: 'aired', feed: 'aired' });
  say(`aired everywhere: ${JSON.stringify(stages(done))}`);

  const ended = await (async () => {
    for (let i = 0; i < 100; ++i) {
      const found = house.rows('airings', '--placement', cut.id);
      if (found.length) return found;
      await sleep(200);
    }
    throw new Error('nothing was said of the placement that was cut off');
  })();
  assert.deepEqual(ended.map((row) => [row.fact, row.status, row.counted]), [['missed', 'preempted', 0]]);
  const beneath = of(await ask(`bulletins/${id}`), 'cable').preempted.find((item) => item.id === cut.id);
  assert.equal(beneath.status, 'preempted');
  const shown = (await screen.stretches()).filter(is_whole).map((s) => s.sha256);
  const [file] = house.house_files('mp4_720p25').filter((f) => f.asset === asset);
  assert.ok(shown.includes(file.sha256), 'the screen did not show the bulletin whole');
  const feed = JSON.parse(readFileSync(join(house.station, 'channels/feed/public/feed.json'), 'utf8'));
  assert.ok(JSON.stringify(feed.items).includes(of(done, 'feed').showings[0].id), 'the feed does not hold the bulletin');

  // Over HTTP, and the host is killed while it is on air: it is one bulletin, and it ends.
  const http = { token: 'twice', asset, channels: ['cable', 'feed'], start: instant(Date.now() + 5000), length_ms: 24_000, reason: 'a test' };
  const preview = await ask('bulletins/preview', http);
  assert.equal(of(preview, 'cable').showings.length, 2);
  const second = await ask('bulletins', http);
  await bulletin(second.id, (b) => of(b, 'cable').stage === 'on_air');
  await house.kill();
  await house.start();
  assert.equal((await ask('bulletins', http)).id, second.id, 'the same request is another bulletin after a restart');
  const survived = await bulletin(second.id, (b) => b.is_over);
  assert.equal(of(survived, 'feed').stage, 'aired');
  say(`after a killed host: ${JSON.stringify(of(survived, 'cable').showings.map((s) => s.stage))} on cable`);

  // Recalled before it begins: nothing of it airs.
  const third = await ask('bulletins', { token: 'recalled', asset, channels: ['cable', 'feed'], start: instant(Date.now() + 30_000), reason: 'a test' });
  await bulletin(third.id, (b) => of(b, 'cable').stage === 'handed');
  await ask(`bulletins/${third.id}/recall`, { reason: 'a mistake' });
  const recalled = await bulletin(third.id, (b) => b.is_over, 20_000);
  assert.deepEqual(stages(recalled), { cable: 'recalled', feed: 'recalled' });
  assert.equal(recalled.recalled.reason, 'a mistake');

  await sleep(3000);
  await house.stop();
  const items = [done, survived, recalled].flatMap((b) => b.channels.flatMap((c) => c.showings.map((s) => s.id)));
  const facts = house.rows('airings', '--limit', '1000000');
  for (const item of items)
    assert.ok(facts.filter((row) => row.placement === item).every((row) => row.item === 'bulletin' && row.counted === 0), `${item} is counted`);
  assert.ok(facts.some((row) => row.item === 'bulletin' && row.fact === 'aired'), 'the ledger knows no aired bulletin');
  assert.equal(house.counted('cable')[asset], undefined, 'a bulletin is among the counts');
  say(house.civicast('ledger', 'verify').trim());
  say(house.civicast('count', '--verify').trim());

  const seen = house.seen_on_cable();
  const counted = house.counted('cable');
  for (const [spot, count] of Object.entries(counted)) assert.ok(count <= (seen.counts[spot] ?? 0), `${spot}: counted ${count}, seen ${seen.counts[spot]}`);
  say('a bulletin over everything, and every number stands');
} finally {
  await screen?.close();
  if (house.host?.exitCode === null && house.host?.signalCode === null) await house.kill();
  receiver.close();
  if (process.exitCode === undefined) house.remove();
}
