// SPDX-License-Identifier: Apache-2.0
// A fake of the API, for looking at the console without a station: three channels in rounds of
// half a minute, computed from the clock alone. `npm run fake`, or `start()` from a test.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { FakeBulletins } from './fake_bulletins.mjs';
import { FakeHeld } from './fake_held.mjs';
import { FakeReports } from './fake_reports.mjs';
import { signal_status, whole_airing } from './fake_status.mjs';
import { assets, campaigns, channels, item_at, places, round_ms, screens, spot_of, titles } from './fake_station.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const media = join(here, '../../../playlists/chenghua/media');
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.m3u8': 'application/vnd.apple.mpegurl', '.ts': 'video/mp2t' };
const day_ms = 86_400_000;
const evidence = { cable: 'measured', screens: 'reported', feed: 'measured' };
const instant = (ms) => new Date(ms).toISOString();

/// What a host says of a plugin that crashed, with its last words.
function worker_fault(channel, now) {
  const plugin = `org.civicast.${channel.plugin} 1.0.0`;
  const placement = `${channel.id}/${Math.floor(now / round_ms)}/placement`;
  return {
    code: 'worker.ended', number: 5510, at: '', who: 'engineer', time: instant(now - 90_000),
    zh: `频道 ${channel.id} 的插件 ${plugin} 意外退出（signal 11 (SIGSEGV)），当时正在执行 publish（播出项 ${placement}）。它会自动重新启动。请把详情交给插件作者。`,
    en: `The plugin ${plugin} of channel ${channel.id} ended unexpectedly (signal 11 (SIGSEGV)) while it had publish of placement ${placement} in hand. It is started again by itself. Give the details to the plugin's author.`,
    detail: `last words of ${plugin}: SIGSEGV in publish of placement ${placement}\n/usr/lib/civicast/plugins/${channel.plugin}/${channel.plugin}.so(+0x4c1a)[0x7f2b7c004c1a]\n/usr/bin/civicast-runner(civicast::runner::PluginThread::run()+0x1a2)[0x55d0c1a3e2a2]`,
  };
}

/// As the plugins' own manifests have them.
const counter_names = (plugin) => JSON.parse(readFileSync(join(here, `../../../plugins/${plugin}/plugin.json`), 'utf8')).counters ?? {};

export class FakeStation {
  /// What a test may change: workers that are down, a ledger that is damaged, airings added at will.
  down = new Set((process.env.DOWN ?? '').split(','));
  failed = new Set((process.env.FAILED ?? '').split(','));
  good = true;
  extra = 0;
  imports = [];
  /// Of the cable channel; see fake_status.
  upset = { errors: 0, violations: 0, away: false };
  opened = Date.now() - 6 * 3_600_000;
  held = new FakeHeld();
  reports = new FakeReports();
  bulletins = new FakeBulletins((...asked) => this.items(...asked));

  items(channel, since, until) {
    const items = [];
    for (let n = Math.floor(since / round_ms); n * round_ms < until; ++n) items.push(...item_at(channel, n));
    return items
      .filter((i) => i.end_ms >= since && i.start_ms < until)
      .map(({ start_ms, end_ms, ...i }) => ({ ...i, start: instant(start_ms), end: instant(end_ms), ...this.state(i, start_ms, end_ms) }));
  }

  state(item, start_ms, end_ms) {
    const now = Date.now();
    if (item.kind !== 'placement') return {};
    const n = Math.floor(start_ms / round_ms);
    if (end_ms <= now) return n % 23 === 7 ? { state: 'missed', why: '信号中断 · The signal was lost' } : { state: 'aired' };
    if (start_ms <= now) return { state: 'started' };
    return { state: start_ms - now < 90_000 ? 'accepted' : 'planned' };
  }

  live() {
    const now = Date.now();
    return {
      station: { id: 'chenghua', name: { zh: '成华区新时代文明实践中心', en: 'Chenghua District Centre for New Era Civic Practice' }, zone: 'Asia/Shanghai' },
      now: instant(now),
      channels: channels.map((c) => this.live_channel(c, now)),
      ledger: { size: this.size(), good: this.good },
    };
  }

  live_channel(channel, now) {
    const items = this.items(channel.id, now - 240_000, now + 240_000);
    const rounds = Math.floor((now - this.opened) / round_ms);
    const is_down = this.down.has(channel.id);
    const fault = is_down || this.failed.has(channel.id) ? worker_fault(channel, now) : null;
    const on_air = items.find((i) => Date.parse(i.start) <= now && now < Date.parse(i.end)) ?? null;
    const next = items.filter((i) => Date.parse(i.start) > now).slice(0, 5);
    const status = channel.id === 'screens' ? { links: [], screens } : { links: channel.links };
    return {
      ...channel,
      worker: is_down ? { state: 'waiting', pid: 0, epoch: 4, restarts: 3, last_fault: fault } : { state: 'ready', pid: 4711, epoch: 1, restarts: 0, last_fault: fault },
      on_air,
      next,
      latest: items.filter((i) => i.kind === 'placement' && Date.parse(i.end) <= now).reverse().slice(0, 5),
      status: channel.id === 'cable' ? { ...status, ...signal_status(this.upset, on_air, next, this.opened, now) } : status,
      today: { planned: 2880, aired: rounds * (channel.id === 'screens' ? 2 : 1), missed: Math.floor(rounds / 23), incomplete: channel.id === 'cable' ? 1 : 0 },
      held: { count: this.held.count(channel.id), can_ask: this.held.can_ask },
    };
  }

  size() {
    return Math.floor((Date.now() - this.opened) / 7500) + this.extra;
  }

  counts(is_today) {
    const rounds = Math.floor((Date.now() - this.opened) / round_ms) + (is_today ? 0 : 11_724);
    return campaigns.flatMap((c, i) => channels.map((channel) => {
      const share = [0.5, 0.25, 0.25][i] * (channel.id === 'screens' ? 2 : 1);
      const airings = Math.floor(rounds * share) + (i === 0 && channel.id === 'cable' ? this.extra : 0);
      const grades = { measured: 0, reported: 0, inferred: 0, [evidence[channel.id]]: airings };
      return { campaign: c.id, channel: channel.id, airings, seconds: channel.id === 'feed' ? 0 : airings * 15, ...grades, incomplete: i === 1 && channel.id === 'cable' ? 1 : 0 };
    }));
  }

  /// What was listed, by entry: an entry of a ledger is never another one.
  listed = new Map();
  airings() {
    const all = this.newest();
    for (const one of all) this.listed.set(one.entry, one);
    return all;
  }

  newest() {
    const newest = Math.floor(Date.now() / round_ms) - 1;
    return Array.from({ length: 12 }, (_, k) => {
      const channel = channels[k % 3].id;
      const n = newest - Math.floor(k / 3);
      const item = spot_of(n);
      const start = n * round_ms + 12_000;
      const is_lost = n % 23 === 7;
      return {
        entry: this.size() - 1 - k, channel, placement: `p-${n}`, place: channel === 'screens' ? 'screen-hemei' : 'chenghua', play: 1,
        fact: is_lost ? 'missed' : 'aired', status: is_lost ? 'technical_difficulty' : 'aired_without_discrepancy', evidence: evidence[channel],
        start: instant(start), end: instant(start + (channel === 'feed' ? 0 : 15_000)), campaign: item.campaign, title: titles[item.asset],
        recorded: instant(start + 15_100), counted: !is_lost, dispute: null,
      };
    });
  }

  airing(entry) {
    const found = this.listed.get(entry);
    return found && whole_airing(found);
  }

  ledger() {
    const root = createHash('sha256').update(String(this.size())).digest('hex');
    const verdict = { good: this.good, at: instant(this.opened + 1000), size: this.size(), fault: this.good ? null : { code: 'ledger.changed', number: 6511, at: 'entries/000:118', zh: '第 118 条记录与签名不符。', en: 'Entry 118 differs from what was signed.', who: 'engineer' } };
    return { size: this.size(), signed_size: this.size(), root, checkpoint: `chenghua.civicast.local/airings\n${this.size()}\n${Buffer.from(root, 'hex').toString('base64')}\n\n— chenghua.civicast.local/airings Zm9v…\n`, signed_at: instant(Date.now() - 900), witnessing: { key: null, quorum: null, size: null, at: null, fault: null, witnesses: [], witnessed: [] }, verdict };
  }

  /// A file of another system: the trial finds a mistake where the file's name says so.
  imported(what, channel, query) {
    const is_bad = query.get('name').startsWith('bad');
    const faults = is_bad ? [
      { code: 'exchange.spot_unknown', number: 9051, at: 'bad.sch:7', zh: 'bad.sch:7：没有素材号为“00000002303”的素材。请在 assets.xml 中给对应的素材加上 spot="00000002303"，或改正文件。', en: 'bad.sch:7: There is no asset with the spot id "00000002303". Add spot="00000002303" to its line in assets.xml, or correct the file.', who: 'person' },
      { code: 'exchange.ccms_field_wrong', number: 9014, at: 'bad.sch:12', zh: 'bad.sch:12：第 35–40 字节（计划时长）是“000 30”，应为 HHMMSS。该行已略过，请改正。', en: 'bad.sch:12: Bytes 35–40 (scheduled length) are "000 30"; they should be HHMMSS. The line was left out; correct it.', who: 'person' },
    ] : [];
    const done = query.get('trial') !== 'true' && (!is_bad || query.get('partial') === 'true');
    if (done) this.imports.push({ what, channel, name: query.get('name') });
    const base = { channel, format: 'ccms', events: 2880, faults, remarks: [], done };
    if (what === 'asruns') return { ...base, aired: 2811, missed: 9, open: 60, others: 0, entered: done ? 2820 : 0, known: 0, disputes: [] };
    const now = Math.ceil(Date.now() / round_ms) * round_ms;
    const changes = [0, 1, 2, 3, 4, 5].map((n) => {
      const spot = spot_of(n);
      const item = { kind: 'placement', start: instant(now + n * round_ms), end: instant(now + n * round_ms + 15_000), asset: spot.asset, title: titles[spot.asset], campaign: spot.campaign };
      const kind = ['added', 'removed', 'changed'][n % 3];
      return { kind, before: kind === 'added' ? null : item, after: kind === 'removed' ? null : item };
    });
    return { ...base, date: instant(now).slice(0, 10), over: 1212, added: 2, removed: 2, changed: 2, changes };
  }

  answer(path, query) {
    const [, , , what, id] = path.split('/');
    switch (what) {
      case 'live': return this.live();
      case 'channels': return channels.map((c) => ({ ...c, counters: counter_names(c.plugin) }));
      case 'campaigns': return campaigns;
      case 'places': return places;
      case 'counts': return { by: ['campaign', 'channel'], rows: this.counts(query.has('from')) };
      case 'airings': return id ? this.airing(Number(id)) : { airings: this.airings(), next_before: null };
      case 'ledger': return this.ledger();
      case 'schedules': case 'asruns': return this.imported(what, id, query);
      case 'playlists': return { channel: id, items: this.items(id, Date.parse(query.get('since')), Date.parse(query.get('until'))) };
      case 'assets': return id ? undefined : Object.entries(titles).map(([asset, title]) => ({ id: asset, title, kind: 'image', duration_ms: 15_000, thumbnail: `/api/v1/assets/${asset}/thumbnail` }));
      case 'reports': return this.reports.answer(id, query);
      case 'held': return this.held.list(query.get('channel'));
      case 'bulletins': return id ? this.bulletins.find(id) : this.bulletins.list();
      default: return undefined;
    }
  }

  /// What a POST is answered.
  do(path, body) {
    const [, , , what, id, act] = path.split('/');
    if (what === 'held') return this.held.decide(id, body);
    if (what === 'notes') return this.reports.note(body);
    if (what !== 'bulletins') return undefined;
    if (act === 'recall') return this.bulletins.recall(id, body.reason);
    return id === 'preview' ? this.bulletins.preview(body) : this.bulletins.issue(body);
  }
}

async function file_for(path, { console_folder, preview_folder }) {
  const name = path.split('/').pop();
  if (path.startsWith('/api/v1/assets/')) return join(media, `${assets[path.split('/')[4]] ?? 'none'}.svg`);
  if (path.startsWith('/pictures/')) return join(media, name.startsWith('screen-hemei') ? 'values-hexie.svg' : 'values-youshan.svg');
  if (path.startsWith('/live/')) return join(preview_folder ?? '/nonexistent', name);
  return join(console_folder, path === '/' ? 'index.html' : path);
}

async function respond(station, folders, request, response) {
  const url = new URL(request.url, 'http://fake');
  let sent = '';
  for await (const chunk of request) sent += chunk;
  const is_order = request.method === 'POST' && request.headers['content-type'] === 'application/json';
  const body = is_order ? station.do(url.pathname, JSON.parse(sent)) : station.answer(url.pathname, url.searchParams);
  if (body !== undefined && url.pathname.startsWith('/api/v1/') && !url.pathname.endsWith('/thumbnail')) {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    return;
  }
  const file = await file_for(url.pathname, folders);
  try {
    const bytes = await readFile(file);
    response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream' }).end(bytes);
  } catch {
    const nothing = { code: 'api.route_unknown', number: 8014, at: '', zh: '没有这个地址。', en: 'There is nothing here.', who: 'person' };
    response.writeHead(404, { 'Content-Type': 'application/json' }).end(JSON.stringify(nothing));
  }
}

/// Listens on loopback; `port` 0 takes a free one. {station, port, stop()}
export async function start({ port = 0, console_folder, preview_folder } = {}) {
  const station = new FakeStation();
  const server = createServer((q, a) => respond(station, { console_folder, preview_folder }, q, a));
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  const stop = () => new Promise((done) => { server.closeAllConnections(); server.close(done); });
  return { station, port: server.address().port, stop };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { port } = await start({
    port: Number(process.env.PORT ?? 8099),
    console_folder: process.env.CIVICAST_CONSOLE_OUT ?? join(here, '../../../build/share/console'),
    preview_folder: process.env.PREVIEW,
  });
  console.log(`http://127.0.0.1:${port}/`);
}
