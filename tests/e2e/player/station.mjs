// SPDX-License-Identifier: Apache-2.0
// What the player's tests share: a station in front of which a browser is put, and house files.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

export const kinds = { 1: 'accepted', 2: 'started', 3: 'aired', 4: 'missed', 5: 'withdrawn' };
export const place = 'screen-hemei';
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required'];

export class Folder {
  path = mkdtempSync(join(tmpdir(), 'civicast-player-'));
  remove() { rmSync(this.path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }); }
}

/// A house file (mp4_720p25) in one colour with a moving figure in it.
export function house_file(folder, colour, length_s = 3) {
  const path = join(folder, `${colour}-${length_s}.mp4`);
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', `color=${colour}:s=1280x720:r=25:d=${length_s}`,
    '-f', 'lavfi', '-i', `testsrc2=s=320x180:r=25:d=${length_s}`, '-f', 'lavfi', '-i', `sine=440:r=48000:d=${length_s}`,
    '-filter_complex', '[0][1]overlay=480:270,format=yuv420p[v]', '-map', '[v]', '-map', '2', '-c:v', 'libx264', '-profile:v', 'high',
    '-preset', 'ultrafast', '-g', '25', '-bf', '0', '-c:a', 'aac', '-t', String(length_s), '-movflags', '+faststart', path]);
  return { path, sha256: createHash('sha256').update(readFileSync(path)).digest('hex'), duration_ms: length_s * 1000 };
}

export class Station {
  facts = [];
  #answers = [];

  static async open(folder, listen = '127.0.0.1:0') {
    const station = new Station();
    mkdirSync(join(folder, 'state'), { recursive: true });
    station.process = spawn(process.env.PLAYER_STATION, [process.env.PLAYER_PLUGIN, join(folder, 'state'), listen],
      { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: station.process.stdout }).on('line', (line) => station.#hear(JSON.parse(line)));
    station.base = (await station.#answer('ready')).ready;
    return station;
  }

  #hear(said) {
    if (said.fact) this.facts.push({ ...said, kind: kinds[said.fact] });
    else this.#answers.push(said);
  }

  async #answer(name) {
    for (let i = 0; i < 1000; i += 1) {
      const found = this.#answers.findIndex((answer) => name in answer);
      if (found >= 0) return this.#answers.splice(found, 1)[0];
      await sleep(10);
    }
    throw new Error(`the station gave no ${name}`);
  }

  #tell(command) { this.process.stdin.write(`${JSON.stringify(command)}\n`); }

  async publish(item) {
    this.#tell({ publish: item });
    const { verdict } = await this.#answer('verdict');
    if (verdict !== 0) throw new Error(`${item.id} was not taken: ${verdict}`);
  }

  async status() {
    this.#tell({ status: true });
    return (await this.#answer('state')).state;
  }

  kill() { return this.#gone(() => this.process.kill('SIGKILL')); }
  close() { return this.#gone(() => this.process.stdin.end()); }
  async #gone(end) {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const gone = new Promise((resolve) => this.process.once('exit', resolve));
    end();
    await gone;
  }

  of(kind) { return this.facts.filter((fact) => fact.kind === kind); }
}

/// `files` one after the other, from `start_ms`.
export function items(files, from_ms, name = 'p') {
  let next_ms = from_ms;
  return files.map((file, i) => ({ id: `${name}${i}`, start_ms: next_ms, end_ms: (next_ms += file.duration_ms), file, body: body() }));
}
const body = () => ({
  kind: 'placement', title: { zh: '富强', en: 'Prosperity' }, asset: 'values-fuqiang', places: [place],
});

export async function browser(folder) {
  const context = await chromium.launchPersistentContext(join(folder, 'profile'),
    { executablePath: '/usr/bin/chromium', args: flags, headless: true, viewport: { width: 1280, height: 720 } });
  const page = context.pages()[0] ?? await context.newPage();
  page.on('response', (reply) => { if (reply.status() >= 400) console.log('page:', reply.status(), reply.url()); });
  page.on('pageerror', (error) => console.log('page:', error.message));
  return { context, page };
}

/// Waits until `is_so`, at most so long; then it is for the test to say what is wrong.
export async function until(is_so, most_ms) {
  for (let waited = 0; waited < most_ms; waited += 50) {
    if (await is_so()) return true;
    await sleep(50);
  }
  return false;
}
