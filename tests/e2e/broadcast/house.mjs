// SPDX-License-Identifier: Apache-2.0
// A whole house for a test: a copy of the sample station on ports of its own, its host process,
// and questions to it.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync, openSync, existsSync } from 'node:fs';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const build = process.env.CIVICAST_BUILD;
const sample = process.env.CIVICAST_TEST_STATION;

/// Receives the cable signal, and knows whether it flows.
export class Receiver {
  packets = 0;
  bad = 0;

  static async open() {
    const receiver = new Receiver();
    receiver.socket = createSocket({ type: 'udp4', recvBufferSize: 4 << 20 });
    receiver.socket.on('message', (datagram) => {
      for (let at = 0; at < datagram.length; at += 188) {
        receiver.packets += 1;
        if (datagram[at] !== 0x47) receiver.bad += 1;
      }
    });
    receiver.socket.bind(0, '127.0.0.1');
    await once(receiver.socket, 'listening');
    receiver.port = receiver.socket.address().port;
    return receiver;
  }

  /// Resolves with the milliseconds until packets flow; rejects after `limit_ms`.
  async flows(limit_ms) {
    const started = performance.now();
    const before = this.packets;
    while (this.packets < before + 100) {
      if (performance.now() - started > limit_ms) throw new Error(`no cable signal for ${limit_ms} ms`);
      await sleep(20);
    }
    return performance.now() - started;
  }

  close() { this.socket.close(); }
}

export class House {
  /// Copies the prepared sample station and puts it on free ports, with the cable's signal also
  /// written to a file.
  constructor(udp_port) {
    this.folder = mkdtempSync(join(tmpdir(), 'civicast-e2e-'));
    this.station = join(this.folder, 'station');
    cpSync(sample, this.station, { recursive: true });
    rmSync(join(this.station, 'channels'), { recursive: true, force: true });
    this.edit('channels.xml', (xml) => this.set(xml, 'cable', { udp: `127.0.0.1:${udp_port}`, ts_file: 'capture.ts' }));
    this.edit('channels.xml', (xml) => this.set(xml, 'screens', { listen: '127.0.0.1:0' }));
    this.edit('channels.xml', (xml) => this.set(xml, 'feed', { listen: '127.0.0.1:0' }));
    this.edit('station.xml', (xml) => xml.replace(/port="\d+"/, 'port="0"'));
    // The sample station may have been made before the plugins were built the last time.
    this.civicast('plugin', 'trust');
  }

  edit(name, change) {
    const file = join(this.station, name);
    const before = readFileSync(file, 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`${name} is not as this test expects it`);
    writeFileSync(file, after);
  }

  set(xml, channel, settings) {
    return xml.replace(new RegExp(`<channel\\s[^>]*id="${channel}"[\\s\\S]*?</channel>`), (element) => {
      for (const [name, value] of Object.entries(settings)) {
        const old = new RegExp(`<setting name="${name}">[^<]*</setting>|<setting name="${name}"\\s*/>`);
        const one = `<setting name="${name}">${value}</setting>`;
        element = old.test(element) ? element.replace(old, one) : element.replace('</channel>', `${one}</channel>`);
      }
      return element;
    });
  }

  /// Starts civicastd and waits until it says where it listens.
  async start() {
    const facts = join(this.station, 'host.json');
    rmSync(facts, { force: true });
    const log = openSync(join(this.folder, 'host.log'), 'a');
    const plugins = this.plugins ? ['--plugins', this.plugins] : [];
    this.host = spawn(`${build}/bin/civicastd`, ['--station', this.station, ...plugins], { stdio: ['ignore', log, log] });
    this.gone = once(this.host, 'exit');
    for (let i = 0; i < 600; ++i) {
      if (this.host.exitCode !== null || this.host.signalCode !== null) throw new Error(`civicastd ended: ${this.log()}`);
      if (existsSync(facts)) {
        const { pid, api } = JSON.parse(readFileSync(facts, 'utf8'));
        if (pid === this.host.pid) { this.api = api; return; }
      }
      await sleep(50);
    }
    throw new Error(`civicastd did not come up: ${this.log()}`);
  }

  async stop() {
    this.host.kill('SIGTERM');
    const [code, signal] = await this.gone;
    if (code !== 0) throw new Error(`civicastd ended with ${code ?? signal}: ${this.log()}`);
  }

  async kill() {
    this.host.kill('SIGKILL');
    await this.gone;
  }

  /// What the host calls an error, in its own words.
  errors() {
    return readFileSync(join(this.folder, 'host.log'), 'utf8').split('\n').filter((line) => /^\S+Z error /.test(line));
  }

  log() { return readFileSync(join(this.folder, 'host.log'), 'utf8').split('\n').slice(-40).join('\n'); }

  async live() {
    const reply = await fetch(`${this.api}/api/v1/live`, { signal: AbortSignal.timeout(5000) });
    if (!reply.ok) throw new Error(`/api/v1/live: ${reply.status} ${await reply.text()}`);
    return reply.json();
  }

  /// The live state of one channel once `is_so` holds for it; rejects after `limit_ms`.
  async channel(id, is_so, limit_ms = 20000) {
    const until = performance.now() + limit_ms;
    for (;;) {
      let channel;
      try { channel = (await this.live()).channels.find((c) => c.id === id); } catch (error) {
        if (performance.now() > until) throw error;
      }
      if (channel && is_so(channel)) return channel;
      if (performance.now() > until) throw new Error(`channel ${id} did not get there: ${JSON.stringify(channel)}\n${this.log()}`);
      await sleep(100);
    }
  }

  /// The address that a plugin reports for `rel` ("player", "atom" …).
  async link(id, rel) {
    const find = (c) => c.status?.links?.find((l) => l.rel === rel)?.href;
    return find(await this.channel(id, find));
  }

  /// Runs `civicast` on this station; standard output as text.
  civicast(...args) {
    return execFileSync(`${build}/bin/civicast`, ['--station', this.station, ...args], { maxBuffer: 1 << 28 }).toString();
  }

  /// From now on the host runs plugins of a folder of its own, which begins as the built ones.
  own_plugins() {
    this.plugins = join(this.folder, 'plugins');
    for (const name of ['cable', 'screens', 'feed']) cpSync(join(build, 'plugins', name), join(this.plugins, name), { recursive: true });
    this.civicast('plugin', 'trust', '--plugins', this.plugins);
  }

  /// Rows of a command that prints data.
  rows(...args) { return JSON.parse(this.civicast(...args, '--format', 'json')); }

  /// Complete airings by asset on `channel`, from the index.
  counted(channel) {
    const rows = this.rows('count', '--by', 'asset,channel').filter((row) => row.channel === channel && row.airings > 0);
    return Object.fromEntries(rows.map((row) => [row.asset, row.airings]));
  }

  /// House files of `format` ("ts_720p25", "mp4_720p25"): {asset, path, sha256}.
  house_files(format) {
    return this.rows('asset', 'list').flatMap(({ id }) => this.rows('asset', 'show', id)
      .filter((file) => file.format === format)
      .map((file) => ({ asset: id, path: resolve(this.station, file.path), sha256: file.sha256 })));
  }

  /// Assets of campaigns: what is counted. Programmes and fillers are not.
  is_spot(asset) {
    this.spots ??= new Set([...readFileSync(join(this.station, 'campaigns.xml'), 'utf8')
      .matchAll(/<asset\s+id="([^"]+)"/g)].map((match) => match[1]));
    return this.spots.has(asset);
  }

  /// What the captured signal shows, recognised by its pictures: {spots, counts}.
  seen_on_cable() {
    const references = this.house_files('ts_720p25').map((file) => `${file.asset}=${file.path}`);
    const capture = join(this.station, 'channels/cable/capture.ts');
    const out = execFileSync(`${build}/bin/spot-count`, [capture, ...references], { maxBuffer: 1 << 28 });
    return JSON.parse(out.toString());
  }

  /// Judges the captured signal; its faults are in what it returns.
  analyse_cable() {
    const run = spawnSync(`${build}/bin/ts-check`, [join(this.station, 'channels/cable/capture.ts')], { maxBuffer: 1 << 28 });
    if (run.error || run.status > 1) throw run.error ?? new Error(run.stderr.toString());
    return JSON.parse(run.stdout.toString());
  }

  remove() { rmSync(this.folder, { recursive: true, force: true }); }
}
