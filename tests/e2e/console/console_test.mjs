// SPDX-License-Identifier: Apache-2.0
// The console in a real Chromium, in front of a fake API whose station a test can upset.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { chromium } from 'playwright-core';

import { start } from '../../../host/console/dev/fake_api.mjs';

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

let browser, api, page, strangers, mistakes;

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags });
});
after(() => browser.close());

beforeEach(async () => {
  api = await start({ console_folder: process.env.CIVICAST_CONSOLE_OUT });
});
afterEach(async () => {
  await page.context().close();
  await api.stop();
  assert.deepEqual(strangers, [], 'a request left this machine');
  assert.deepEqual(mistakes, [], 'the page threw');
});

async function open({ locale = 'zh-CN', width = 1440, height = 900 } = {}) {
  const context = await browser.newContext({ locale, viewport: { width, height } });
  page = await context.newPage();
  strangers = [];
  mistakes = [];
  const home = `http://127.0.0.1:${api.port}/`;
  page.on('request', (r) => r.url().startsWith(home) || /^(blob|data):/.test(r.url()) || strangers.push(r.url()));
  page.on('pageerror', (error) => mistakes.push(error.message));
  await page.goto(home);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.locator('#ledger').waitFor();
}

const text = (selector) => page.locator(selector).innerText();

test('a Chinese browser sees Chinese, an English one English, and the choice is remembered', async () => {
  await open();
  assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
  assert.match(await text('h1'), /成华区新时代文明实践中心/);
  await page.getByText('English', { exact: true }).click();
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  assert.match(await text('h1'), /Chenghua District Centre/);
  await page.reload();
  await page.getByText('Latest airings').waitFor();
  await page.context().close();
  await open({ locale: 'en-GB' });
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
});

/// What each page has when the station has something of everything: its address, and what it waits for.
const all_pages = [
  ['#/', 'section[aria-labelledby=airings] tbody tr'],
  ['#/channels/cable', 'section[aria-labelledby=checks] tbody tr'],
  ['#/channels/screens', 'section[aria-labelledby=now]'],
  ['#/channels/feed', 'section[aria-labelledby=held] article'],
  ['#/bulletins', 'article .stage'],
  ['#/reports', 'section[aria-labelledby=reconciliation] tbody tr'],
];

function fill(station) {
  Object.assign(station.upset, { errors: 1330, violations: 4, away: true, more_outputs: 3 });
  station.failed.add('screens');
  for (const id of ['p-1', 'p-2', 'p-3']) station.held.add(id);
  station.held.decide('p-2', { choice: 'ask', by: '王芳', note: '平台恢复了，再问一次' });
  station.held.decide('p-3', { choice: 'again', by: '王芳', note: '平台后台查不到这一条' });
  station.held.find('p-3');
  station.bulletins.issue({ token: 't', asset: 'pact-chengdu', channels: ['cable', 'feed'], length_ms: 300_000, reason: '气象台发布暴雨红色预警，请注意防范' });
}

test('no page is wider than its window, on a telephone or a wall', async () => {
  fill(api.station);
  for (const locale of ['zh-CN', 'en-GB'])
    for (const width of [1440, 1280, 1024, 720, 390]) {
      await open({ locale, width });
      for (const [address, whole] of all_pages) {
        await page.goto(`http://127.0.0.1:${api.port}/${address}`);
        await page.locator(whole).first().waitFor();
        const wide = await page.evaluate(() => document.scrollingElement.scrollWidth);
        assert.equal(wide, width, `${address} in ${locale}`);
      }
      await page.context().close();
    }
  await open();
});

test('on a telephone a choice of many is moved in itself, and a row of a table is whole', async () => {
  await open({ locale: 'en-GB', width: 390 });
  const cells = page.locator('section[aria-labelledby=airings] tbody tr').first().locator('td');
  const boxes = await cells.evaluateAll((all) => all.map((td) => td.getBoundingClientRect()).map(({ left, right, top, bottom }) => ({ left, right, top, bottom })));
  assert.equal(boxes.length, 6);
  for (const [n, a] of boxes.entries()) {
    assert.ok(a.right - a.left > 0 && a.right <= 390, `cell ${n}`);
    for (const b of boxes.slice(n + 1)) assert.ok(a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top, `cell ${n} lies over another`);
  }
});

test('a day that fails the law is red with what would mend it, and a row is explained, not edited', async () => {
  await open();
  await page.getByRole('link', { name: '报表' }).click();
  const law = page.locator('section[aria-labelledby=compliance]');
  const failed = law.locator('tr.not_met');
  await failed.waitFor();
  assert.match(await failed.innerText(), /未达标[\s\S]*再播 1 条/);
  const plain = await law.locator('tr.met').evaluate((row) => getComputedStyle(row).backgroundColor);
  assert.notEqual(await failed.evaluate((row) => getComputedStyle(row).backgroundColor), plain);
  const plan = page.locator('section[aria-labelledby=reconciliation]');
  const row = plan.locator('tbody tr').filter({ hasText: '被替换' }).first();
  assert.match(await row.innerText(), /已补播/);
  await row.getByRole('button', { name: '加说明' }).click();
  await plan.getByLabel('何人').fill('王芳');
  await plan.getByLabel('原因').fill('防汛紧急信息占用');
  await plan.getByRole('button', { name: '记入台账' }).click();
  await row.getByText('王芳：防汛紧急信息占用').waitFor();
  assert.match(await row.innerText(), /被替换/);
});

test('what is on air, next and posted stands on its channel', async () => {
  await open();
  const cable = page.getByRole('article', { name: '成华有线电视' });
  await cable.getByText('接下来').waitFor();
  assert.doesNotMatch(await cable.innerText(), /应播/);
  assert.match(await cable.innerText(), /\d\d:\d\d:\d\d–\d\d:\d\d:\d\d/);
  const screens = page.getByRole('article', { name: '社区大屏' });
  assert.match(await screens.innerText(), /2\/3 块屏在线/);
  assert.match(await screens.innerText(), /锦绣社区大屏[\s\S]*离线/);
  const feed = page.getByRole('article', { name: '文明实践公告' });
  assert.match(await feed.innerText(), /最新发布[\s\S]*已播/);
});

test('a count moves when the ledger grows, and shows that it moved', async () => {
  await open();
  const big = page.locator('.big').first();
  const before_text = await big.innerText();
  api.station.extra += 3;
  await big.locator('.added').waitFor();
  assert.notEqual(await big.innerText(), before_text);
  assert.match(await big.locator('.added').innerText(), /^\+\d/);
});

test('grades of evidence stand apart, and incomplete airings beside them', async () => {
  await open({ locale: 'en-GB' });
  const heads = await page.locator('section[aria-labelledby=counts] thead').innerText();
  for (const word of ['Measured', 'Reported', 'Inferred', 'Incomplete']) assert.ok(heads.includes(word), word);
});

test('a worker that is down says why on its own card, and the others stay calm', async () => {
  await open();
  api.station.down.add('screens');
  const screens = page.getByRole('article', { name: '社区大屏' });
  await screens.getByRole('alert').waitFor();
  assert.match(await screens.innerText(), /的插件 org\.civicast\.screens 1\.0\.0 意外退出.*publish/);
  const last_words = screens.getByText('SIGSEGV in publish of placement');
  assert.equal(await last_words.isVisible(), false);
  await screens.getByText('详情').click();
  assert.equal(await last_words.isVisible(), true);
  assert.match(await screens.innerText(), /按播出单应播/);
  assert.equal(await page.getByRole('article', { name: '成华有线电视' }).getByRole('alert').count(), 0);
  assert.match(await page.getByRole('status').innerText(), /渠道 2\/3 正常/);
});

test('a damaged ledger is told in words, not only in red', async () => {
  await open({ locale: 'en-GB' });
  api.station.good = false;
  api.station.extra += 1;
  await page.getByText('Verification failed').waitFor();
  assert.match(await page.locator('section[aria-labelledby=ledger]').innerText(), /Entry 118 differs/);
  assert.match(await page.getByRole('status').innerText(), /Ledger damaged/);
});

test('a service that falls silent is told at the top, and the page goes on when it is back', async () => {
  await open();
  const port = api.port;
  await api.stop();
  const banner = page.locator('main > [role=alert]');
  await banner.waitFor();
  assert.match(await banner.innerText(), /连不上播出服务/);
  assert.match(await text('h1'), /成华区/);
  api = await start({ port, console_folder: process.env.CIVICAST_CONSOLE_OUT });
  await banner.waitFor({ state: 'detached' });
});

test('the page can be worked from the keyboard', async () => {
  await open();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('href')), '#main');
  const total = page.getByRole('radio', { name: '累计' });
  await total.focus();
  await page.keyboard.press('Space');
  assert.equal(await total.isChecked(), true);
});

const upload = (name) => page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from('LOI') });

test('a schedule file is looked at before it is applied', async () => {
  await open();
  const section = page.locator('section:has(#files)');
  await upload('B2301001.SCH');
  await section.getByText('没有问题').waitFor();
  assert.match(await section.innerText(), /新增 2，更改 2，删除 2/);
  assert.equal(await section.locator('tbody tr').count(), 6);
  assert.deepEqual(api.station.imports, []);
  await section.getByRole('button', { name: '按此更新播出单' }).click();
  await section.getByText('播出单已更新').waitFor();
  assert.deepEqual(api.station.imports, [{ what: 'schedules', channel: 'cable', name: 'B2301001.SCH' }]);
});

test('the mistakes of a file are shown in the language spoken, and only the rest is taken', async () => {
  await open({ locale: 'en-GB' });
  const section = page.locator('section:has(#files)');
  await upload('bad.sch');
  await section.getByText('2 mistakes').waitFor();
  assert.match(await section.innerText(), /bad\.sch:12: Bytes 35–40/);
  assert.equal(await section.getByRole('button', { name: 'Update the playlist' }).count(), 0);
  await section.getByRole('button', { name: 'Leave those out, take the rest' }).click();
  await section.getByText('The playlist is updated').waitFor();
  assert.equal(api.station.imports.length, 1);
});

test('an as-run is entered into the ledger, and a day goes out in every format', async () => {
  await open();
  const section = page.locator('section:has(#files)');
  await section.getByText('播出记录', { exact: true }).first().click();
  await upload('B2301001.VER');
  await section.getByText(/播出 2811，未播 9，未定 60/).waitFor();
  await section.getByRole('button', { name: '记入台账' }).click();
  await section.getByText('新记入台账 2820 条').waitFor();
  await section.locator('input[type=date]').fill('2026-11-23');
  const links = await section.locator('a[download]').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  assert.deepEqual(links, ['schedules/cable?date=2026-11-23&format=sch', 'schedules/cable?date=2026-11-23&format=bxf',
    'asruns/cable?date=2026-11-23&format=ver', 'asruns/cable?date=2026-11-23&format=bxf'].map((path) => `/api/v1/${path}`));
});

test('a channel shows where its signal goes, and which destination is in trouble', async () => {
  await open();
  await page.getByRole('link', { name: '成华有线电视' }).click();
  const outputs = page.locator('section[aria-labelledby=outputs]');
  await outputs.getByText('2/3 路正常').waitFor();
  assert.match(await outputs.getByRole('row', { name: 'udp://239.1.1.7' }).innerText(), /正常/);
  assert.match(await outputs.getByRole('row', { name: 'srt://:9000' }).innerText(), /无人连接/);
  api.station.upset.errors = 1330;
  const rtp = outputs.getByRole('row', { name: 'rtp://239.1.1.8' });
  await rtp.getByText('有错误').waitFor();
  assert.match(await rtp.innerText(), /\d\d:\d\d:\d\d\s+网络不可达[\s\S]*1,330/);
  api.station.upset.failed_ms = Date.now() - 120_000;
  await rtp.getByText('曾有错误').waitFor();
  api.station.upset.receivers = 1;
  await outputs.getByRole('row', { name: 'srt://:9000' }).getByText('正常').waitFor();
});

test('a long list of outputs is cut short, and what is in trouble is never what is cut off', async () => {
  Object.assign(api.station.upset, { more_outputs: 40, errors: 1 });
  await open();
  await page.goto(`http://127.0.0.1:${api.port}/#/channels/cable`);
  const rows = page.locator('section[aria-labelledby=outputs] tbody tr');
  await rows.first().waitFor();
  assert.equal(await rows.count(), 12);
  assert.match(await rows.first().innerText(), /rtp:/);
  await page.getByRole('button', { name: '显示全部 43 路' }).click();
  assert.equal(await rows.count(), 43);
});

test('a check is green within its limit and red beyond it, and says how often it was', async () => {
  await open({ locale: 'en-GB' });
  await page.goto(`http://127.0.0.1:${api.port}/#/channels/cable`);
  const checks = page.locator('section[aria-labelledby=checks]');
  await checks.getByText('All within their limits').waitFor();
  const pcr = checks.getByRole('row', { name: 'PCR interval' });
  assert.match(await pcr.innerText(), /Within[\s\S]*≤ 40 ms[\s\S]*21.4 ms/);
  api.station.upset.violations = 4;
  await checks.getByText('1 violated').waitFor();
  assert.match(await pcr.innerText(), /Violated[\s\S]*61.8 ms[\s\S]*4/);
});

test('a counter goes by its name in the language spoken, and never stands there twice', async () => {
  await open();
  await page.goto(`http://127.0.0.1:${api.port}/#/channels/cable`);
  const counters = page.locator('section[aria-labelledby=counters]');
  await counters.getByText('已发出的帧').waitFor();
  const names = () => counters.locator('dt').allInnerTexts();
  assert.deepEqual(await names(), ['已发出的帧', '发送错误', '最大迟到（微秒）', '停顿', 'of_a_newer_version']);
  await page.getByText('English', { exact: true }).click();
  assert.deepEqual(await names(), ['Frames sent', 'Send errors', 'Latest by (µs)', 'Stalls', 'of_a_newer_version']);
  assert.ok(await page.locator('section[aria-labelledby=checks]').getByText('Continuity').isVisible());
});

test('what is on air counts its frames, live inputs say what is wrong, and breaks say whether they were announced', async () => {
  await open();
  await page.goto(`http://127.0.0.1:${api.port}/#/channels/cable`);
  const now = page.locator('section[aria-labelledby=now]');
  const frames = async () => Number((await now.locator('.frames strong').innerText()).replaceAll(',', ''));
  const first = await frames();
  await page.waitForFunction((last) => Number(document.querySelector('.frames strong').textContent.replaceAll(',', '')) !== last, first);
  const inputs = page.locator('section[aria-labelledby=inputs]');
  await inputs.getByText('待命').waitFor();
  api.station.upset.away = true;
  await inputs.getByText('没有信号').waitFor();
  assert.match(await inputs.innerText(), /直播输入中断。/);
  assert.match(await page.locator('section[aria-labelledby=cues]').innerText(), /已发出 240[\s\S]*\d\d:\d\d:\d\d/);
});

test('a channel whose plugin says nothing of itself has a page, too, and a stranger none', async () => {
  await open({ locale: 'en-GB' });
  await page.goto(`http://127.0.0.1:${api.port}/#/channels/feed`);
  await page.getByRole('heading', { name: 'On air now' }).waitFor();
  assert.equal(await page.locator('#outputs, #checks, #cues').count(), 0);
  await page.goto(`http://127.0.0.1:${api.port}/#/channels/nobody`);
  await page.getByText('There is no channel nobody').waitFor();
});

test('an airing opens with its proof in words', async () => {
  await open();
  const row = page.locator('section[aria-labelledby=airings] tbody tr', { hasText: /成华有线电视[\s\S]*完整播出/ }).first();
  await row.getByRole('button').click();
  const airing = page.getByRole('dialog', { name: '实播记录' });
  await airing.getByText('一帧不缺').waitFor();
  const said = await airing.innerText();
  assert.match(said, /375\s+\/ 375/);
  assert.match(said, /播出期间没有超限/);
  assert.match(said, /首帧 PTS\s+18:23:20\.001 \(5958000123\)/);
  assert.match(said, /与计划的成品文件一致/);
  assert.match(said, /PCR 最大间隔\s+21\.4 ms/);
  assert.doesNotMatch(said, /[{}]|frames_sent/);
  await page.keyboard.press('Escape');
  await airing.waitFor({ state: 'hidden' });
});

test('what nobody could tell is told on top and on its channel, and a person settles it', async () => {
  api.station.held.add('p-1');
  await open();
  const badge = page.getByRole('status').getByRole('link', { name: '待核实 1' });
  await page.getByRole('article', { name: '文明实践公告' }).getByRole('link', { name: '待核实 1' }).waitFor();
  await badge.click();
  const section = page.locator('section[aria-labelledby=held]');
  const card = section.getByRole('article', { name: '成都市民文明公约' });
  await card.waitFor();
  assert.match(await card.innerText(), /计划 \d{4}-\d\d-\d\d[\s\S]*交出，共 1 次[\s\S]*平台没有回答/);
  assert.deepEqual(await card.getByRole('button').allInnerTexts(), ['再问一次渠道', '重新排期', '不再重排'], 'that it aired can be claimed');

  await card.getByRole('button', { name: '再问一次渠道' }).click();
  assert.ok(await card.getByRole('button', { name: '再问一次渠道' }).isDisabled(), 'nobody has signed');
  await card.getByLabel('谁作的决定').fill('王芳');
  await card.getByLabel('说明（记入台账）').fill('平台恢复了');
  await card.getByRole('button', { name: '再问一次渠道' }).click();
  await card.getByText('渠道回答：说不清').waitFor();

  await card.getByRole('button', { name: '重新排期' }).click();
  assert.match(await card.innerText(), /会播两次/);
  assert.equal(await card.getByLabel('谁作的决定').inputValue(), '王芳', 'the name is not remembered');
  await card.getByLabel('说明（记入台账）').fill('后台查不到');
  await card.getByRole('button', { name: '重新排期' }).click();
  await section.getByText('没有等人核实的').waitFor();
  assert.match(await section.locator('details').innerText(), /重新排期[\s\S]*王芳[\s\S]*后台查不到/);
  await badge.waitFor({ state: 'detached' });

  api.station.held.find('p-1');
  await section.getByText(/之后证实已于 .* 播出，计 1 次/).waitFor();
});

test('a channel that cannot be asked offers no question, and a bulletin no plan', async () => {
  api.station.held.can_ask = false;
  api.station.held.add('b-1', 'bulletin');
  await open({ locale: 'en-GB' });
  await page.goto(`http://127.0.0.1:${api.port}/#/channels/feed`);
  const card = page.locator('section[aria-labelledby=held] article');
  await card.getByText('This channel cannot be asked.').waitFor();
  assert.deepEqual(await card.getByRole('button').allInnerTexts(), ['Leave it']);
});

test('a bulletin is checked before it is issued, then watched on every channel, and can be recalled', async () => {
  await open();
  await page.getByRole('link', { name: '应急信息' }).click();
  await page.locator('#b-asset option[value="pact-chengdu"]').waitFor({ state: 'attached' });
  assert.ok(await page.getByRole('button', { name: '查看将替换的内容' }).isDisabled(), 'an empty form can be sent');
  await page.selectOption('#b-asset', 'pact-chengdu');
  await page.getByLabel('成华有线电视').check();
  await page.getByLabel('文明实践公告').check();
  await page.fill('#b-length', '5');
  await page.fill('#b-reason', '演练');
  await page.getByRole('button', { name: '查看将替换的内容' }).click();
  const cable = page.getByRole('article', { name: '成华有线电视' });
  await cable.getByText('将被替换').waitFor();
  assert.match(await cable.innerText(), /播出 20 次/);
  assert.equal(await page.locator('article .stage').count(), 0, 'looking issued something');
  await page.getByRole('button', { name: '确认发布' }).click();
  const issued = page.getByRole('article', { name: '成都市民文明公约' });
  await issued.getByText('已交出').first().waitFor();
  await issued.getByText('正在播出').first().waitFor({ timeout: 15_000 });
  assert.match(await issued.innerText(), /演练/);
  await issued.getByRole('button', { name: '撤回', exact: true }).click();
  await issued.getByLabel('撤回原因').fill('演练结束');
  await issued.getByRole('button', { name: '确认撤回' }).click();
  await issued.getByText('已结束').waitFor();
  assert.match(await issued.innerText(), /演练结束/);
  await page.getByText('English', { exact: true }).click();
  assert.match(await page.getByRole('article', { name: 'Pact' }).innerText(), /recalled/);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
});
