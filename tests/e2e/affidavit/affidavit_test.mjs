// SPDX-License-Identifier: Apache-2.0
// A real station airs, an affidavit is made of it, and the bundle is verified without the station: by
// the command, and by its own page in a real Chromium from file:// without a network.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import { chromium } from 'playwright-core';

import { SmallStation } from '../console/small_station.mjs';
import { unzip, zip } from './zip.mjs';

const build = process.env.CIVICAST_BUILD;
const shots = process.env.CIVICAST_SHOTS;
const wanted_airings = 3;
let hearer, station, folder, bundle, pub, parts, airings, browser, page, requests;

/// Exit code, and what was said.
function verify(file, ...more) {
  const done = spawnSync(`${build}/bin/civicast`, ['affidavit', 'verify', file, ...more], { encoding: 'utf8' });
  return { code: done.status, said: done.stdout + done.stderr };
}

function put(name, changed) {
  const file = join(folder, name);
  writeFileSync(file, zip(new Map([...parts, ...changed])));
  return file;
}

async function ask_page(file, key = '') {
  await page.locator('#key').fill(key);
  await page.evaluate(() => { document.getElementById('verdict').className = ''; document.getElementById('verdict').textContent = ''; });
  await page.locator('#file').setInputFiles([]);
  await page.locator('#file').setInputFiles(file);
  await page.waitForFunction(() => /核验无误|不可采信/.test(document.getElementById('verdict').textContent), null, { timeout: 60_000 });
  return page.locator('body').innerText();
}

before(async () => {
  hearer = createSocket('udp4');
  hearer.bind(0, '127.0.0.1');
  await once(hearer, 'listening');
  station = new SmallStation(hearer.address().port, []);
  const api = await station.start();
  for (let i = 0; i < 1500 && !(airings >= wanted_airings); ++i) {
    await sleep(100);
    const { rows } = await (await fetch(`${api}/api/v1/counts`)).json();
    airings = rows[0]?.airings ?? 0;
  }
  assert.ok(airings >= wanted_airings, 'the station aired too little');
  const today = await (await fetch(`${api}/api/v1/reports/reconciliation?limit=1000`)).json();
  const aired = today.rows.find((row) => row.outcome === 'aired');
  assert.ok(aired, 'nothing is reconciled');
  const note = await fetch(`${api}/api/v1/notes`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ placement: aired.placement, by: '李四', text: '现场核对无误' }),
  });
  assert.equal(note.status, 200, await note.clone().text());
  const again = await (await fetch(`${api}/api/v1/reports/reconciliation?limit=1000`)).json();
  assert.match(again.rows.find((row) => row.placement === aired.placement).notes, /李四：现场核对无误/);
  const law = await (await fetch(`${api}/api/v1/reports/compliance`)).json();
  assert.ok(law.rows.every((row) => ['met', 'not_met', 'unjudged', 'running'].includes(row.standing)));
  station.host.kill('SIGTERM');
  await station.gone;

  folder = mkdtempSync(join(tmpdir(), 'civicast-affidavit-'));
  station.civicast('affidavit', 'make', '--campaign', 'pact', '--out', folder);
  const names = readdirSync(folder);
  bundle = join(folder, names.find((name) => name.endsWith('.zip')));
  assert.match(readFileSync(join(folder, names.find((name) => name.endsWith('.pdf'))), 'latin1'), /^%PDF-/);
  const counted = JSON.parse(station.civicast('count', '--campaign', 'pact', '--format', 'json'))[0].airings;
  airings = counted;
  pub = join(folder, 'kept.pub');
  cpSync(join(station.station, 'keys', 'ledger.pub'), pub);
  await station.stop();
  parts = unzip(readFileSync(bundle));
  writeFileSync(join(folder, 'verify.html'), parts.get('verify.html'));

  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
  const context = await browser.newContext({ locale: 'zh-CN', offline: true });
  page = await context.newPage();
  requests = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(pathToFileURL(join(folder, 'verify.html')).href);
}, { timeout: 300_000 });

after(async () => {
  await browser?.close();
  await station?.stop();
  hearer?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

test('the command verifies the bundle without the station, by a key that was kept', () => {
  const { code, said } = verify(bundle, '--key', pub);
  assert.equal(code, 0, said);
  assert.match(said, new RegExp(`完整播出 ${airings} 次`));
  assert.match(said, new RegExp(`completely ${airings} times`));
});

test('the page verifies it in a browser that has no network', async () => {
  const said = await ask_page(bundle, readFileSync(pub, 'utf8'));
  assert.match(said, new RegExp(`核验无误：${airings} 次`));
  assert.match(said, new RegExp(`Good: ${airings} complete airings`));
  assert.doesNotMatch(said, /公钥来自压缩包本身/);
  if (shots) await page.screenshot({ path: join(shots, 'affidavit-page.png'), fullPage: true });
  assert.match(await ask_page(bundle), /公钥来自压缩包本身/);
  assert.ok(requests.every((url) => url.startsWith('file:') || url.startsWith('blob:')), requests.join(' '));
});

test('the same bundle without compression is the same to both', async () => {
  const file = put('stored.zip', []);
  assert.equal(verify(file).code, 0);
  assert.match(await ask_page(file), /核验无误/);
});

test('whatever is changed in it is refused by both, with sentences in both languages', async () => {
  const seed = Number(process.env.CIVICAST_SEED ?? Date.now() % 1_000_000);
  console.log(`CIVICAST_SEED=${seed}`);
  let state = seed;
  const random = (n) => { state = (state * 1103515245 + 12345) % 2147483648; return Math.floor(state / 2147483648 * n); };
  for (const name of ['entries.txt', 'proofs.txt', 'checkpoint', 'ledger.pub', 'policy', 'affidavit.pdf']) {
    for (let trial = 0; trial < 6; ++trial) {
      const bytes = Buffer.from(parts.get(name)), at = random(bytes.length);
      bytes[at] ^= 1 << random(8);
      const file = put('changed.zip', [[name, bytes]]);
      const { code, said } = verify(file);
      assert.equal(code, 1, `${name} byte ${at}: ${said}`);
      assert.match(said, /[\u4e00-\u9fff][\s\S]*[a-z]{3}/);
      const shown = await ask_page(file);
      assert.match(shown, /不可采信[\s\S]*Do not rely on it/, `${name} byte ${at}: ${shown}`);
    }
  }
  const statement = parts.get('affidavit.json').toString('utf8');
  for (const [from, to] of [[`"airings": ${airings},`, `"airings": ${airings + 1},`], [/"tree_size": \d+/g, '"tree_size": 1'], ['"campaign": "pact"', '"campaign": "values"'], ['"measured"', '"reported"']]) {
    const forged = statement.replaceAll(from, to);
    assert.notEqual(forged, statement, String(from));
    const file = put('forged.zip', [['affidavit.json', Buffer.from(forged)]]);
    assert.equal(verify(file).code, 1, to);
    assert.match(await ask_page(file), /不可采信/, to);
  }
  const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  writeFileSync(join(folder, 'other.pub'), `x+00000000+${Buffer.concat([Buffer.of(1), other]).toString('base64')}\n`);
  assert.equal(verify(bundle, '--key', join(folder, 'other.pub')).code, 1);
});

test("the page's own arithmetic agrees with OpenSSL's, for browsers without Ed25519", async () => {
  for (let i = 0; i < 8; ++i) {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const key = [...publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)], message = [...Buffer.from('x'.repeat(i * 37))];
    const signature = [...sign(null, Buffer.from(message), privateKey)];
    const judged = (k, m, s) => page.evaluate(([a, b, c]) => own_ed25519(Uint8Array.from(a), Uint8Array.from(b), Uint8Array.from(c)), [k, m, s]);
    assert.equal(await judged(key, message, signature), true);
    assert.equal(await judged(key, [...message, 1], signature), false);
    signature[i * 8] ^= 1;
    assert.equal(await judged(key, message, signature), false);
  }
});
