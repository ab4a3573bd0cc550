// SPDX-License-Identifier: Apache-2.0
// Law: kill -9 of the host, of any worker, or of all at once, at any moment, loses no airing,
// counts none twice, and the signal comes back. The seed is printed and can be given again.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { House, Receiver } from './house.mjs';

const kills = Number(process.env.CIVICAST_KILLS ?? 20);
const seed = Number(process.env.CIVICAST_SEED ?? Date.now() % 1e6);
const say = (text) => console.log(`${new Date().toISOString()} ${text}`);
say(`seed ${seed}`);

let state = seed >>> 0;
const random = () => {  // mulberry32
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

const total = (object) => Object.values(object).reduce((a, b) => a + b, 0);
const signal = (pid) => { try { process.kill(pid, 'SIGKILL'); } catch (error) { if (error.code !== 'ESRCH') throw error; } };

const victims = ['host', 'cable', 'screens', 'feed', 'all'];
const receiver = await Receiver.open();
const house = new House(receiver.port);
try {
  await house.start();
  await receiver.flows(20000);
  for (let i = 0; i < kills; ++i) {
    await sleep(2000 + random() * 18000);  // some spots of 15 s get through, most do not
    const victim = victims[i % victims.length];
    const workers = Object.fromEntries((await house.live()).channels.map((c) => [c.id, c.worker.pid]));
    if (victim === 'all') Object.values(workers).forEach(signal);
    if (victim === 'host' || victim === 'all') await house.kill(); else signal(workers[victim]);
    if (victim === 'host' || victim === 'all') await house.start();
    else await house.channel(victim, (c) => c.worker.state === 'ready' && c.worker.pid !== workers[victim]);
    const back_ms = await receiver.flows(20000);
    say(`${i + 1}/${kills} killed ${victim}; packets flow ${Math.round(back_ms)} ms after it was up again`);
  }
  await sleep(48000);  // one whole break after the last death, wherever it fell
  await house.stop();

  say(house.civicast('ledger', 'verify').trim());
  say(house.civicast('count', '--verify').trim());

  const facts = house.rows('airings', '--limit', '1000000');
  const named = facts.map((f) => [f.channel, f.placement, f.place, f.play, f.fact].join('|'));
  assert.equal(new Set(named).size, named.length, 'a fact stands in the ledger twice');

  const seen = house.seen_on_cable();
  const counted = house.counted('cable');
  const unknown = facts.filter((f) => f.channel === 'cable' && f.fact === 'missed' && f.status === 'unknown' && house.is_spot(f.asset));
  say(`cable: seen ${JSON.stringify(seen.counts)}, counted ${JSON.stringify(counted)}, unknown ${unknown.length}`);
  for (const asset of new Set([...Object.keys(seen.counts), ...Object.keys(counted)])) {
    if (!house.is_spot(asset)) continue;
    const doubt = unknown.filter((f) => f.asset === asset).length;
    const was = seen.counts[asset] ?? 0;
    const said = counted[asset] ?? 0;
    assert.ok(said <= was && was <= said + doubt, `${asset}: seen ${was}, counted ${said}, in doubt ${doubt}`);
  }
  assert.ok(total(counted) > 0, 'nothing was aired between the deaths');

  const archive = readFileSync(join(house.station, 'channels/feed/public/feed.json'), 'utf8');
  assert.equal(JSON.parse(archive).items.length, total(house.counted('feed')), 'feed entries against the count');

  const open = house.rows('airings', '--limit', '1000000').length;
  assert.ok(open > 0);
  say(`nothing lost, nothing doubled, over ${kills} deaths`);
} finally {
  if (house.host?.exitCode === null && house.host?.signalCode === null) await house.kill();
  receiver.close();
  if (process.exitCode === undefined) house.remove();
}
