// SPDX-License-Identifier: Apache-2.0
// Law: what the cable signal shows, what a screen's browser shows, what the feed holds, and what
// `civicast count` says are the same numbers. Also judges the signal itself.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { House, Receiver } from './house.mjs';
import { is_whole, Screen } from './screen.mjs';

const seconds = Number(process.env.CIVICAST_BROADCAST_SECONDS ?? 600);
const place = 'screen-hemei';
const say = (text) => console.log(`${new Date().toISOString()} ${text}`);

const tally = (names) => names.reduce((all, name) => ({ ...all, [name]: (all[name] ?? 0) + 1 }), {});
const sorted = (object) => Object.fromEntries(Object.entries(object).sort());

/// What the witness saw, taken while no spot is on the screen: one that ended between its last look
/// and the end of the host would be counted, and not seen.
async function at_rest() {
  for (const until = Date.now() + 60_000; Date.now() < until; await sleep(500)) {
    const seen = await screen.stretches();
    const now = seen.at(-1);
    if (now && !house.is_spot(sha_to_asset[now.sha256]) && Date.now() - now.wall > 3000) return seen;
  }
  assert.fail('a spot has stood on the screen for a minute');
}

const receiver = await Receiver.open();
const house = new House(receiver.port);
let screen, sha_to_asset;
try {
  await house.start();
  sha_to_asset = Object.fromEntries(house.house_files('mp4_720p25').map((file) => [file.sha256, file.asset]));
  say(`the host is up at ${house.api}; cable signal after ${Math.round(await receiver.flows(20000))} ms`);
  screen = await Screen.open(new URL(`/screen/${place}`, await house.link('screens', 'player')).href);
  for (let at = 0; at < seconds; at += 30) {
    await sleep(Math.min(30, seconds - at) * 1000);
    say(`${Math.min(at + 30, seconds)} s; packets received ${receiver.packets}; cable ${JSON.stringify(house.counted('cable'))}`);
  }
  const stretches = await at_rest();
  await house.live();
  await sleep(3000);  // the last report of a play that ended a moment ago
  await house.stop();
  await screen.close();
  screen = undefined;

  const analysis = house.analyse_cable();
  say(`signal: ${JSON.stringify(analysis)}`);
  assert.equal(analysis.continuity_errors, 0, 'a continuity error in the signal');
  assert.deepEqual(Object.keys(analysis.video.dts_steps), ['3600'], 'a video DTS step that is not 3600 ticks');
  assert.ok(analysis.pcr_interval_max_ms <= 40, `PCR interval ${analysis.pcr_interval_max_ms} ms`);
  assert.ok(analysis.clean, 'the analyser calls the signal unclean');
  assert.equal(receiver.bad, 0, 'a UDP packet without sync byte');

  const counted = { cable: house.counted('cable'), feed: house.counted('feed') };
  const seen = house.seen_on_cable();
  const spots = Object.fromEntries(Object.entries(seen.counts).filter(([id, count]) => count > 0 && house.is_spot(id)));
  say(`cable: seen ${JSON.stringify(sorted(spots))}, counted ${JSON.stringify(sorted(counted.cable))}`);
  assert.deepEqual(sorted(spots), sorted(counted.cable));

  const shown = tally(stretches.filter((s) => is_whole(s) && house.is_spot(sha_to_asset[s.sha256])).map((s) => sha_to_asset[s.sha256]));
  const reported = Object.fromEntries(house.rows('count', '--by', 'asset', '--channel', 'screens', '--place', place)
    .filter((row) => row.airings > 0).map((row) => [row.asset, row.airings]));
  say(`screen: seen ${JSON.stringify(sorted(shown))}, counted ${JSON.stringify(sorted(reported))}`);
  assert.deepEqual(sorted(shown), sorted(reported));

  const feed = JSON.parse(readFileSync(join(house.station, 'channels/feed/public/feed.json'), 'utf8'));
  const posted = Object.values(counted.feed).reduce((a, b) => a + b, 0);
  say(`feed: ${feed.items.length} entries, counted ${posted}`);
  assert.equal(feed.items.length, posted);
  assert.equal(new Set(feed.items.map((item) => item.id)).size, posted, 'two entries with one id');

  for (const [channel, least] of [['cable', seconds / 60], ['feed', seconds / 60]])
    assert.ok(Object.values(counted[channel]).reduce((a, b) => a + b, 0) >= least, `${channel} aired too little to prove anything`);
  assert.ok(Object.keys(shown).length > 0, 'the screen showed nothing');

  assert.deepEqual(house.errors(), [], 'the host calls something an error on a day without one');
  say(house.civicast('ledger', 'verify').trim());
  say(house.civicast('count', '--verify').trim());
  say('equal everywhere');
} finally {
  await screen?.close();
  if (house.host?.exitCode === null && house.host?.signalCode === null) await house.kill();
  receiver.close();
  if (process.exitCode === undefined) house.remove();
}
