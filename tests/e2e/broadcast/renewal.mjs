// SPDX-License-Identifier: Apache-2.0
// Law: a new version of every plugin, installed while on air, is taken up at once; no airing is lost
// or counted twice, and the cable signal has neither a gap in its counters nor a black picture.
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { build, House, Receiver } from './house.mjs';

const rounds = Number(process.env.CIVICAST_RENEWALS ?? 6);
const run = promisify(execFile);
const say = (text) => console.log(`${new Date().toISOString()} ${text}`);
const plugins = ['cable', 'screens', 'feed'];
const sources = { '1.0.1': join(build, 'tests/next'), '1.0.0': join(build, 'plugins') };

/// Where the picture is black, in seconds: [[start, end], …]
const black = (capture) => {
  const done = spawnSync('ffmpeg', ['-hide_banner', '-nostats', '-i', capture, '-vf', 'blackdetect=d=0.04:pix_th=0.02', '-an', '-f', 'null', '-'],
    { maxBuffer: 1 << 28 });
  assert.equal(done.status, 0, done.stderr.toString());
  return [...done.stderr.toString().matchAll(/black_start:([\d.]+) black_end:([\d.]+)/g)].map((m) => [Number(m[1]), Number(m[2])]);
};

const receiver = await Receiver.open();
let last = performance.now();
let longest = 0;
receiver.socket.on('message', () => {
  const now = performance.now();
  longest = Math.max(longest, now - last);
  last = now;
});
const house = new House(receiver.port);
try {
  house.own_plugins();
  await house.start();
  await receiver.flows(20000);
  await house.channel('cable', (c) => c.status?.on_air, 60000);
  await sleep(5000);
  for (let i = 0; i < rounds; ++i) {
    await sleep(4000 + (i * 3700) % 9000);  // inside programmes, spots and fillers alike
    const version = i % 2 === 0 ? '1.0.1' : '1.0.0';
    const before = Object.fromEntries((await house.live()).channels.map((c) => [c.id, c.worker.pid]));
    longest = 0;
    // Not synchronously: this process must hear every packet when it comes.
    for (const plugin of plugins)
      await run(join(build, 'bin/civicast'), ['--station', house.station, 'plugin', 'install', join(sources[version], plugin), '--plugins', house.plugins]);
    for (const plugin of plugins)
      await house.channel(plugin, (c) => c.worker.version === version && c.worker.state === 'ready' && c.worker.pid !== before[plugin], 30000);
    await receiver.flows(5000);
    say(`${i + 1}/${rounds} every plugin is ${version}; longest silence on the cable ${Math.round(longest)} ms`);
  }
  await sleep(48000);  // one whole break after the last change
  const workers = Object.fromEntries((await house.live()).channels.map((c) => [c.id, c.worker]));
  await house.stop();
  for (const plugin of plugins) {
    assert.equal(workers[plugin].restarts, 0, `${plugin} died: ${JSON.stringify(workers[plugin].last_fault)}`);
    assert.equal(workers[plugin].epoch, rounds + 1, `${plugin} was started more often than renewed`);
  }

  const analysis = house.analyse_cable();
  say(`signal: ${JSON.stringify(analysis)}`);
  assert.equal(analysis.sessions, 1, 'the signal began anew');
  assert.ok(analysis.clean, 'the analyser calls the signal unclean');

  const dark = black(join(house.station, 'channels/cable/capture.ts'));
  say(`black: ${JSON.stringify(dark)}`);
  const later = dark.slice(dark.length > 0 && dark[0][0] < 3 ? 1 : 0);  // the slate before the first item
  assert.deepEqual(later, [], 'a black picture');

  const counted = house.counted('cable');
  const seen = Object.fromEntries(Object.entries(house.seen_on_cable().counts).filter(([id, count]) => count > 0 && house.is_spot(id)));
  say(`cable: seen ${JSON.stringify(seen)}, counted ${JSON.stringify(counted)}`);
  assert.deepEqual(seen, counted);
  const facts = house.rows('airings', '--limit', '1000000');
  const missed = facts.filter((f) => f.channel === 'cable' && f.fact === 'missed' && f.status !== 'did_not_air');
  // What was on air when the station closed is the only item that did not end well.
  assert.ok(missed.length <= 2, `on the cable ended badly: ${JSON.stringify(missed)}`);
  const named = facts.map((f) => [f.channel, f.placement, f.place, f.play, f.fact].join('|'));
  assert.equal(new Set(named).size, named.length, 'a fact stands in the ledger twice');
  say(house.civicast('ledger', 'verify').trim());
  say(house.civicast('count', '--verify').trim());
  say('nobody saw it');
} finally {
  if (house.host?.exitCode === null && house.host?.signalCode === null) await house.kill();
  receiver.close();
  if (process.exitCode === undefined) house.remove();
}
