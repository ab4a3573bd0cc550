// SPDX-License-Identifier: Apache-2.0
// What nobody could tell on the fake station, and what a person decides about it.
import { titles } from './fake_station.mjs';

const instant = (ms) => new Date(ms).toISOString();
const known = {
  zh: '频道 feed 的插件 org.civicast.feed 1.0.0 执行 publish（播出项 p-held）后无法确定它是否已播出，因此不再发送，也不计数：平台没有回答。 请到该频道的平台上核实。',
  en: 'The plugin org.civicast.feed 1.0.0 of channel feed cannot tell after publish what became of placement p-held, so it is neither sent again nor counted: the platform did not answer. A person must look on the channel\'s own platform.',
};

export class FakeHeld {
  rows = [];
  /// Of a channel that cannot be asked.
  can_ask = true;
  entry = 900;

  add(placement, kind = 'placement', channel = 'feed') {
    const start = Date.now() - 600_000;
    const item = { id: placement, kind, start: instant(start), end: instant(start), asset: 'pact-chengdu', title: titles['pact-chengdu'], state: 'held', why: known.zh };
    this.rows.unshift({ placement, channel, item, handed: instant(start - 2000), attempts: 1, deaths: 1, known, steps: [], settled: null, aired: null });
  }

  count(channel) {
    return this.rows.filter((row) => row.channel === channel && !row.settled).length;
  }

  list(channel) {
    const of_it = this.rows.filter((row) => !channel || row.channel === channel);
    return { held: of_it.filter((row) => !row.settled), settled: of_it.filter((row) => row.settled) };
  }

  #step(row, step, by, note, more = {}) {
    row.steps.push({ entry: ++this.entry, step, at: instant(Date.now()), by, note, ...more });
  }

  decide(placement, { choice, by, note }) {
    const row = this.rows.find((one) => one.placement === placement);
    this.#step(row, choice, by, note, { through: 'http' });
    if (choice === 'ask') setTimeout(() => this.#step(row, 'answer', 'org.civicast.feed 1.0.0', '', { verdict: 'unknown' }), 1000);
    else row.settled = row.steps.at(-1);
    return row;
  }

  /// Evidence comes to light.
  find(placement) {
    const row = this.rows.find((one) => one.placement === placement);
    row.aired = { entry: ++this.entry, start: row.item.start, end: row.item.end, recorded: instant(Date.now()), evidence: 'measured' };
  }
}
