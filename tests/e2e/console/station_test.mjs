// SPDX-License-Identifier: Apache-2.0
// The console in a real Chromium, in front of a real station whose cable channel has two outputs; one
// of them calls a receiver that is not there.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { chromium } from 'playwright-core';

import { SmallStation } from './small_station.mjs';

const shots = process.env.CIVICAST_SHOTS;
const patient = { timeout: 90_000 };
let station, browser, page, api, srt_port, hearer, mistakes;

async function free_udp() {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  return { port, socket };
}

before(async () => {
  hearer = (await free_udp()).socket;
  const free = await free_udp();
  srt_port = free.port;
  free.socket.close();
  station = new SmallStation(hearer.address().port, [`srt://127.0.0.1:${srt_port}?latency=200&proof=no`]);
  api = await station.start();
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] });
  mistakes = [];
  page = await (await browser.newContext({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } })).newPage();
  page.on('pageerror', (error) => mistakes.push(error.message));
  await page.goto(`${api}/#/channels/cable`);
}, { timeout: 280_000 });

after(async () => {
  await browser?.close();
  await station?.stop();
  hearer?.close();
});

const shoot = (name) => shots && page.screenshot({ path: join(shots, `console-${name}.png`), fullPage: true });

test('the output that nobody answers is red and says why, while the other is good', async () => {
  const outputs = page.locator('section[aria-labelledby=outputs]');
  const srt = outputs.getByRole('row', { name: `srt://127.0.0.1:${srt_port}` });
  await srt.getByText('有错误').waitFor(patient);
  await srt.getByText(/接收端没有应答|未连接到接收端/).waitFor(patient);
  const cells = await srt.getByRole('cell').allInnerTexts();
  assert.ok(Number(cells[3].replaceAll(',', '')) > 0, cells.join(' | '));
  assert.equal(cells[4].trim(), '0', 'a receiver that is not there is counted');
  const udp = outputs.getByRole('row', { name: `udp://127.0.0.1:${hearer.address().port}` });
  assert.match(await udp.innerText(), /正常/);
  const sent = async () => Number((await udp.getByRole('cell').nth(2).innerText()).replaceAll(',', ''));
  const first = await sent();
  await page.waitForFunction(([row, n]) => Number(document.querySelectorAll('section[aria-labelledby=outputs] tbody tr')[row].cells[2].innerText.replaceAll(',', '')) > n, [0, first], patient);
});

test('the self-check of the signal stands there with limits and measured worst values, and is green', async () => {
  const checks = page.locator('section[aria-labelledby=checks]');
  await checks.getByText('全部合格').waitFor(patient);
  const pcr = checks.getByRole('row', { name: /PCR 间隔/ });
  assert.match(await pcr.innerText(), /合格[\s\S]*≤ 40 ms[\s\S]*\d ms[\s\S]*0/);
  assert.equal(await checks.locator('tbody tr').count(), 11);
});

test('what is on air is counted in frames, and the next break is announced before it comes', async () => {
  await page.locator('section[aria-labelledby=now] .frames strong').waitFor(patient);
  const cues = page.locator('section[aria-labelledby=cues]');
  await cues.getByText('已预告').waitFor(patient);
  await page.locator('section[aria-labelledby=now]').getByText('成都市民文明公约：讲文明 树新风').first().waitFor(patient);
  await shoot('zh');
});

test('the airing that the ledger holds shows its proof in words', async () => {
  await page.getByText('English', { exact: true }).click();
  await page.getByRole('link', { name: 'Overview' }).click();
  const airing = page.locator('section[aria-labelledby=airings] tbody tr', { hasText: 'Aired whole' }).first();
  await airing.waitFor(patient);
  await airing.getByRole('button').click();
  const sheet = page.getByRole('dialog', { name: 'Airing' });
  await sheet.getByText('every one was sent').waitFor(patient);
  const said = await sheet.innerText();
  assert.match(said, /375\s*\/ 375/);
  assert.match(said, /Nothing was violated/);
  assert.match(said, /First PTS\s+\d\d:\d\d:\d\d\.\d\d\d \(\d+\)/);
  assert.match(said, /The house file that was planned/);
  assert.doesNotMatch(said, /[{}]/);
  await shoot('airing');
  await page.keyboard.press('Escape');
});

test('as soon as a receiver answers it is counted, and the row comes back by itself', async () => {
  const receiver = spawn('ffmpeg', ['-v', 'error', '-nostdin', '-i', `srt://127.0.0.1:${srt_port}?mode=listener`, '-c', 'copy', '-f', 'null', '-'], { stdio: 'ignore' });
  try {
    await page.getByRole('link', { name: 'Channels' }).click();
    const outputs = page.locator('section[aria-labelledby=outputs]');
    const srt = outputs.getByRole('row', { name: `srt://127.0.0.1:${srt_port}` });
    await page.waitForFunction(() => document.querySelectorAll('section[aria-labelledby=outputs] tbody tr')[1]?.cells[4].innerText.trim() === '1', null, patient);
    await srt.getByText('Had errors').waitFor({ timeout: 120_000 });
    await shoot('en');
  } finally {
    receiver.kill('SIGKILL');
  }
  assert.deepEqual(mistakes, [], 'the page threw');
});
