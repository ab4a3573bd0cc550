// SPDX-License-Identifier: Apache-2.0
// The smallest station that a host runs: one channel that other systems play out, and no video.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const build = process.env.CIVICAST_BUILD;

const files = (id) => ({
  'station.xml': `<station id="${id}" name-zh="${id}站" name-en="${id}" zone="Asia/Shanghai"><api address="127.0.0.1" port="0"/></station>`,
  'places.xml': '<places><centre id="hall" name-zh="中心" name-en="Hall"/></places>',
  'channels.xml': '<channels><channel id="cable" plugin="files" format="jpeg_720" name-zh="有线" name-en="Cable"><place id="hall"/></channel></channels>',
  'campaigns.xml': '<campaigns><campaign id="values" title-zh="值" title-en="Values" class="psa" first="2026-01-01" last="2036-12-31">'
    + '<window from="18:00" to="22:00"/><asset id="spot"/><target channel="cable" airings="1"/></campaign></campaigns>',
  'assets.xml': '<assets><asset id="spot" file="media/spot.svg" seconds="15" title-zh="片" title-en="Spot"/></assets>',
  'grids/cable.xml': '<grid channel="cable"><day weekdays="daily"><hours from="06:00" to="24:00"><break at="19:00" length="0s"/></hours></day></grid>',
  'media/spot.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="720"/>',
});

/// Asks until `is_so` holds for the answer; gives up after a minute.
export async function until(ask, is_so) {
  let answer;
  for (let i = 0; i < 600; i += 1) {
    answer = await ask();
    if (is_so(answer)) return answer;
    await sleep(100);
  }
  throw new Error(`it did not come to that: ${JSON.stringify(answer)}`);
}

/// A line name+id+base64: {name, id, key} with the key as Node wants it.
export function public_key(line) {
  const [, name, id, base64] = /^([^+]+)\+([0-9a-f]{8})\+(\S+)\n?$/.exec(line);
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(base64, 'base64').subarray(1)]);
  return { name, id, key: createPublicKey({ key: spki, format: 'der', type: 'spki' }) };
}

export class Station {
  constructor(id) {
    this.folder = mkdtempSync(join(tmpdir(), 'civicast-ledger-'));
    this.station = join(this.folder, 'station');
    for (const [name, text] of Object.entries(files(id))) {
      const file = join(this.folder, 'source', name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    this.civicast('station', 'create', '--from', join(this.folder, 'source'));
  }

  path(...parts) { return join(this.station, ...parts); }
  text(...parts) { return readFileSync(this.path(...parts), 'utf8'); }
  put(name, text) { writeFileSync(this.path(name), text); }

  civicast(...words) {
    return execFileSync(`${build}/bin/civicast`, ['--station', this.station, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }
  /// While the host does not run.
  fill(count, word = 'first') { execFileSync(`${build}/tests/ledger_fill`, [this.station, String(count), word]); }

  save(name) { cpSync(this.station, join(this.folder, name), { recursive: true }); }
  put_back(name) {
    for (const part of ['ledger', 'keys', 'civicast.db']) {
      rmSync(this.path(part), { recursive: true, force: true });
      cpSync(join(this.folder, name, part), this.path(part), { recursive: true });
    }
    for (const rest of ['civicast.db-wal', 'civicast.db-shm']) rmSync(this.path(rest), { force: true });
  }

  /// On `port`, or on any that is free.
  async start(port = 0) {
    this.put('station.xml', this.text('station.xml').replace(/port="\d+"/, `port="${port}"`));
    rmSync(this.path('host.json'), { force: true });
    const log = openSync(join(this.folder, 'host.log'), 'a');
    this.host = spawn(`${build}/bin/civicastd`, ['--station', this.station], { stdio: ['ignore', log, log] });
    this.gone = once(this.host, 'exit');
    for (let i = 0; i < 1200; i += 1) {
      if (this.host.exitCode !== null) break;
      if (existsSync(this.path('host.json'))) {
        const { pid, api } = JSON.parse(this.text('host.json'));
        if (pid === this.host.pid) { this.api = api; return api; }
      }
      await sleep(50);
    }
    throw new Error(`civicastd did not come up: ${this.log()}`);
  }
  log() { return readFileSync(join(this.folder, 'host.log'), 'utf8'); }

  async stop() {
    if (!this.host || this.host.exitCode !== null || this.host.signalCode !== null) return;
    this.host.kill('SIGTERM');
    await this.gone;
  }
  async remove() {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async ledger() { return (await fetch(`${this.api}/api/v1/ledger`)).json(); }
}
