// SPDX-License-Identifier: Apache-2.0
// A real station, small enough to be made by a test: one cable channel, three assets, an ad in every
// half minute. Its host runs until stop().
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const build = process.env.CIVICAST_BUILD;
const sample = fileURLToPath(new URL('../../../playlists/chenghua', import.meta.url));
const kept = ['prog-ident', 'filler-park', 'pact-chengdu'];

/// The elements of `xml` named `name` whose id is not one of `ids` are left out.
function only(xml, name, ids) {
  const element = new RegExp(`\\s*<${name}\\s[^>]*?id="([^"]+)"(?:[^>]*/>|[\\s\\S]*?</${name}>)`, 'g');
  return xml.replace(element, (whole, id) => (ids.includes(id) ? whole : ''));
}

const grid = `<?xml version="1.0" encoding="UTF-8"?>
<grid channel="cable">
  <day weekdays="mon tue wed thu fri sat sun">
    <fillers assets="filler-park"/>
    <hours from="00:00" to="24:00">
      <repeat every="30s">
        <programme length="12s" asset="prog-ident"/>
        <break length="15s" max="2" carries="psa information"/>
        <filler length="3s"/>
      </repeat>
    </hours>
  </day>
</grid>
`;

export class SmallStation {
  /// `outputs`: addresses beside a UDP one that nobody hears.
  constructor(udp_port, outputs) {
    this.folder = mkdtempSync(join(tmpdir(), 'civicast-console-'));
    this.station = join(this.folder, 'station');
    const source = join(this.folder, 'source');
    const text = (name) => readFileSync(join(sample, name), 'utf8');
    mkdirSync(join(source, 'grids'), { recursive: true });
    cpSync(join(sample, 'media'), join(source, 'media'), { recursive: true });
    const put = (name, content) => writeFileSync(join(source, name), content);
    put('station.xml', text('station.xml').replace(/port="\d+"/, 'port="0"'));
    put('places.xml', text('places.xml'));
    put('assets.xml', only(text('assets.xml'), 'asset', kept));
    const settings = outputs.map((one) => `<setting name="outputs">${one.replaceAll('&', '&amp;')}</setting>`).join('');
    put('channels.xml', only(text('channels.xml'), 'channel', ['cable'])
      .replace('127.0.0.1:5500', `127.0.0.1:${udp_port}`).replace('</channel>', `${settings}</channel>`));
    put('campaigns.xml', only(text('campaigns.xml'), 'campaign', ['pact'])
      .replace(/<target channel="(screens|feed)"[^>]*>/g, '').replace('separation="1m"', 'separation="10s"').replace('airings="720"', 'airings="2880"'));
    put('grids/cable.xml', grid);
    this.civicast('station', 'create', '--from', source);
  }

  civicast(...words) {
    return execFileSync(`${build}/bin/civicast`, ['--station', this.station, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  }

  async start() {
    const log = openSync(join(this.folder, 'host.log'), 'a');
    this.host = spawn(`${build}/bin/civicastd`, ['--station', this.station], { stdio: ['ignore', log, log] });
    this.gone = once(this.host, 'exit');
    const facts = join(this.station, 'host.json');
    for (let i = 0; i < 1200; ++i) {
      if (this.host.exitCode !== null) break;
      if (existsSync(facts)) {
        const { pid, api } = JSON.parse(readFileSync(facts, 'utf8'));
        if (pid === this.host.pid) return api;
      }
      await sleep(50);
    }
    throw new Error(`civicastd did not come up: ${readFileSync(join(this.folder, 'host.log'), 'utf8')}`);
  }

  async stop() {
    if (this.host?.exitCode === null) {
      this.host.kill('SIGTERM');
      await this.gone;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
