// SPDX-License-Identifier: Apache-2.0
// Law: the plays that a browser reports are the plan, and nothing black is between them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { browser, Folder, house_file, items, place, sleep, Station, until } from './station.mjs';

/// The mean colour of a picture.
const mean = (jpeg) => [...execFileSync('ffmpeg', ['-v', 'error', '-i', '-', '-vf', 'scale=1:1:flags=area', '-f', 'rawvideo',
  '-pix_fmt', 'rgb24', '-'], { input: jpeg })];

const folder = new Folder();
const station = await Station.open(folder.path);
let chromium;
try {
  const files = ['crimson', 'gold', 'seagreen', 'royalblue'].map((colour) => house_file(folder.path, colour));
  const start_ms = Math.ceil(Date.now() / 1000) * 1000 + 9000;
  const plan = items([...files, files[0], files[0], files[1]], start_ms);
  plan[4].body.kind = 'programme';
  const filler = { ...items([files[2]], plan.at(-1).end_ms, 'filler')[0] };
  filler.end_ms = filler.start_ms + 7000;  // looped, and cut
  filler.body.kind = 'filler';
  plan.push(filler);
  for (const item of plan) await station.publish(item);

  chromium = await browser(folder.path);
  await chromium.page.goto(`${station.base}/screen/${place}`);
  assert.ok(await until(() => chromium.page.evaluate(() => document.getElementById('station-zh').textContent.includes('和美')), 8000),
    'the slate names the station');
  await chromium.page.screenshot({ path: join(process.env.PLAYER_SHOTS, 'player-slate.png') });

  await sleep(start_ms + 1000 - Date.now());
  await chromium.page.screenshot({ path: join(process.env.PLAYER_SHOTS, 'player-on-air.png') });
  // The house files are bright; the page behind them is not.
  const darkest = [];
  while (Date.now() < filler.end_ms - 1000) {
    const shot = await chromium.page.screenshot({ type: 'jpeg', quality: 50 });
    darkest.push(Math.max(...mean(shot)));
    await sleep(100);
  }
  console.log(`${darkest.length} looks, the darkest ${Math.min(...darkest)}`);
  assert.ok(darkest.length > 20 && Math.min(...darkest) > 100, `something dark was seen: ${darkest}`);

  await until(() => station.of('aired').length + station.of('missed').length >= plan.length, 15_000);
  const aired = station.of('aired');
  for (const fact of aired) {
    const item = plan.find((p) => p.id === fact.placement);
    console.log(fact.placement, 'start', fact.start_ms - item.start_ms, 'end', fact.end_ms - item.end_ms, JSON.stringify(fact.proof));
    assert.equal(fact.place, place);
    assert.equal(fact.proof.sha256, item.file.sha256);
    assert.ok(Math.abs(fact.start_ms - item.start_ms) <= 1000);
  }
  assert.deepEqual(station.of('missed'), [], 'nothing was missed');
  assert.deepEqual(aired.map((fact) => fact.placement), plan.map((item) => item.id), 'the plays are the plan, in its order');
  const { screens: [screen] } = await station.status();
  assert.equal(screen.place, place);
  assert.equal(screen.online, true);
  assert.equal(screen.seq, plan.length);
  assert.equal(screen.lost, 0);
  const picture = join(folder.path, 'state', screen.picture);
  assert.ok(existsSync(picture) && readFileSync(picture).length > 1000, 'a picture of the screen is there');
} finally {
  await chromium?.context.close();
  await station.close();
  folder.remove();
}
