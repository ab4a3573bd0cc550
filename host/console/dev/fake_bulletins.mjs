// SPDX-License-Identifier: Apache-2.0
// The fake API's bulletins: in memory, and moved on by the clock alone.
import { randomUUID } from 'node:crypto';

import { channels, titles } from './fake_station.mjs';

const notice_ms = 4000;
const showing_ms = 15_000;
const words = {
  waiting: { zh: '等待交出', en: 'waiting' }, handed: { zh: '已交出', en: 'handed over' }, on_air: { zh: '正在播出', en: 'on air' },
  aired: { zh: '已播出', en: 'aired' }, failed: { zh: '未播成', en: 'failed' }, recalled: { zh: '已撤回', en: 'recalled' },
};
const instant = (ms) => new Date(ms).toISOString();
const nothing = { zh: '', en: '' };

export class FakeBulletins {
  #all = [];

  /// `items(channel, since, until)` is the station's playlist.
  constructor(items) { this.items = items; }

  #channels(order) {
    const picked = order.place ? (order.place === 'chenghua' ? channels : channels.filter((c) => c.id === 'screens')) : channels.filter((c) => order.channels?.includes(c.id));
    const start = order.start ? Date.parse(order.start) : Date.now() + notice_ms;
    const rounds = Math.max(1, Math.ceil((order.length_ms ?? 0) / showing_ms));
    return picked.map((c) => ({
      channel: c.id, name: c.name,
      showings: c.id === 'feed' ? [{ start, end: start, places: [] }] : Array.from({ length: order.times ?? 1 }, (_, n) => n).flatMap((n) =>
        Array.from({ length: rounds }, (_, k) => ({ start: start + n * (order.every_ms ?? 0) + k * showing_ms, end: start + n * (order.every_ms ?? 0) + (k + 1) * showing_ms, places: order.place?.startsWith('screen-') ? [order.place] : [] }))),
    }));
  }

  #beneath(c) {
    return c.channel === 'feed' ? [] : c.showings.flatMap((s) => this.items(c.channel, s.start, s.end)).filter((item, i, all) => item.kind !== 'filler' && all.findIndex((other) => other.id === item.id) === i);
  }

  preview(order) {
    const shown = this.#channels(order).map((c) => ({ ...c, showings: c.showings.map((s) => ({ ...s, start: instant(s.start), end: instant(s.end) })), preempted: this.#beneath(c) }));
    return { asset: order.asset, title: titles[order.asset], channels: shown };
  }

  issue(order) {
    const before = this.#all.find((b) => b.token === order.token);
    if (before) return this.show(before);
    const bulletin = { id: randomUUID(), token: order.token, asset: order.asset, issued: { at: instant(Date.now()), by: 'http', reason: order.reason }, recalled: null, channels: this.#channels(order) };
    this.#all.unshift(bulletin);
    return this.show(bulletin);
  }

  recall(id, reason) {
    const bulletin = this.#all.find((b) => b.id === id);
    bulletin.recalled ??= { at: instant(Date.now()), by: 'http', reason };
    return this.show(bulletin);
  }

  find(id) { return this.show(this.#all.find((b) => b.id === id)); }
  list() { return { bulletins: this.#all.map((b) => this.show(b)) }; }

  #stage(bulletin, channel, s) {
    const now = Date.now();
    if (bulletin.recalled && s.end > Date.parse(bulletin.recalled.at)) return ['recalled', nothing];
    if (channel === 'screens' && now >= s.end) return ['failed', { zh: '技术故障：signal lost', en: 'technical difficulty: signal lost' }];
    if (now >= s.end) return ['aired', nothing];
    if (now >= s.start) return ['on_air', channel === 'screens' ? { zh: '按时间正在播出，频道尚未回报', en: 'by its time it is on air; the channel has not said so yet' } : nothing];
    return now > Date.parse(bulletin.issued.at) + 600 ? ['handed', nothing] : ['waiting', nothing];
  }

  show(bulletin) {
    const shown = bulletin.channels.map((c) => {
      const showings = c.showings.map((s) => {
        const [stage, sentence] = this.#stage(bulletin, c.channel, s);
        return { id: `${bulletin.id}/${s.start}`, start: instant(s.start), end: instant(s.end), places: s.places, stage, stage_words: words[stage], sentence, facts: [] };
      });
      const told = showings.find((s) => ['waiting', 'handed', 'on_air'].includes(s.stage)) ?? showings.at(-1);
      const preempted = this.#beneath(c).map((item) => (Date.parse(item.end) <= Date.now() && item.kind === 'placement' ? { ...item, state: 'missed', status: 'preempted' } : item));
      return { channel: c.channel, name: c.name, stage: told.stage, stage_words: told.stage_words, sentence: told.sentence, start: showings[0].start, end: showings.at(-1).end, count: showings.length, aired: showings.filter((s) => s.stage === 'aired').length, showings, preempted };
    });
    const is_over = shown.every((c) => c.showings.every((s) => ['aired', 'failed', 'recalled'].includes(s.stage)));
    return { ...bulletin, title: titles[bulletin.asset], thumbnail: `/api/v1/assets/${bulletin.asset}/thumbnail`, channels: shown, is_over };
  }
}
