// SPDX-License-Identifier: Apache-2.0
// Law: a screen without a network goes on by its plan, and reports every play once when it is back;
// also when its page was reloaded meanwhile.
import assert from 'node:assert/strict';
import { browser, Folder, house_file, items, place, sleep, Station, until } from './station.mjs';

const folder = new Folder();
let station = await Station.open(folder.path);
let chromium;
try {
  const files = ['crimson', 'gold', 'seagreen'].map((colour) => house_file(folder.path, colour));
  const start_ms = Math.ceil(Date.now() / 1000) * 1000 + 9000;
  const plan = items([...files, files[0], files[1], house_file(folder.path, 'seagreen', 12)], start_ms);
  for (const item of plan) await station.publish(item);
  chromium = await browser(folder.path);
  await chromium.page.goto(`${station.base}/screen/${place}`);
  const on_air = () => chromium.page.evaluate(() => document.documentElement.dataset.onAir ?? '');
  assert.ok(await until(async () => (await on_air()) === 'p0', 15_000), 'the first item is on');
  const { port } = new URL(station.base);
  await station.kill();
  assert.equal(station.of('aired').length, 0, 'nothing can have been reported yet');

  assert.ok(await until(async () => (await on_air()) === 'p3', 15_000), 'it goes on without a network');
  await sleep(plan[5].start_ms + 2000 - Date.now());
  await chromium.page.reload();
  assert.ok(await until(async () => (await on_air()) === 'p5', 8000), 'it opens without a network, too');
  await sleep(plan[5].end_ms + 1500 - Date.now());

  station = await Station.open(folder.path, `127.0.0.1:${port}`);
  assert.ok(await until(() => station.of('aired').length >= 5, 15_000), `aired: ${JSON.stringify(station.facts)}`);
  await until(() => station.of('missed').length >= 1, 5000);
  assert.deepEqual(station.of('aired').map((fact) => fact.placement), ['p0', 'p1', 'p2', 'p3', 'p4']);
  assert.deepEqual(station.of('missed').map((fact) => [fact.placement, fact.proof.reason]), [['p5', 'interrupted']],
    'the item amid which the page was reloaded is not claimed');
  const { screens: [screen] } = await station.status();
  assert.equal(screen.lost, 0, 'the numbers have no gap');
} finally {
  await chromium?.context.close();
  await station.close();
  folder.remove();
}
