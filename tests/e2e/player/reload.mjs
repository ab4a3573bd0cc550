// SPDX-License-Identifier: Apache-2.0
// Law: a page that is opened, or reloaded, amid an item does not claim it, and the next ones are
// whole again.
import assert from 'node:assert/strict';
import { browser, Folder, house_file, items, place, sleep, Station, until } from './station.mjs';

const folder = new Folder();
const station = await Station.open(folder.path);
let chromium;
try {
  const file = house_file(folder.path, 'gold');
  const start_ms = Math.ceil(Date.now() / 1000) * 1000 + 9000;
  const plan = items([file, house_file(folder.path, 'gold', 12), file], start_ms);
  for (const item of plan) await station.publish(item);
  chromium = await browser(folder.path);
  await chromium.page.goto(`${station.base}/screen/${place}`);
  await sleep(plan[1].start_ms + 2000 - Date.now());
  await chromium.page.reload();
  await until(() => station.of('aired').length + station.of('missed').length >= 3, 30_000);
  assert.deepEqual(station.of('aired').map((fact) => fact.placement), ['p0', 'p2']);
  const [missed] = station.of('missed');
  assert.equal(missed.placement, 'p1');
  assert.equal(missed.proof.reason, 'interrupted');
  assert.equal(missed.status, 4, 'aired with a duration discrepancy');
  assert.equal(station.of('missed').length, 1);
} finally {
  await chromium?.context.close();
  await station.close();
  folder.remove();
}
