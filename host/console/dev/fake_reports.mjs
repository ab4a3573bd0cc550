// SPDX-License-Identifier: Apache-2.0
// Reports of the fake station: a row for each outcome that there is, and for each standing with the law.
import { titles } from './fake_station.mjs';

const outcomes = ['aired', 'did_not_air', 'technical_difficulty', 'preempted', 'missing_content', 'disputed', 'no_word', 'to_come'];
const rule = {
  rule: 'cn-61-16-prime', says_zh: '每套电视节目每日 19:00 至 21:00 播出公益广告不得少于 4 条', says_en: 'At least 4 public-service ads each day on each TV channel, 19:00 to 21:00',
  source_zh: '广播电视广告播出管理办法（总局令第 61 号）', source_en: 'Measures for Broadcasting Advertisements (Order 61)',
};
const nothing = { why_zh: '', why_en: '', mend_zh: '', mend_en: '' };
const standings = {
  met: { had: '6', ...nothing },
  not_met: { had: '3', why_zh: '该时段只有 3 条完整播出。', why_en: 'Only 3 were aired in full in these hours.', mend_zh: '当日 19:00 至 21:00 再播 1 条即可。', mend_en: 'One more between 19:00 and 21:00 would mend it.' },
  unjudged: { had: '', why_zh: '记录中没有商业广告，无法计算比例。', why_en: 'There are no commercials in the log, so there is no ratio.', mend_zh: '', mend_en: '' },
  running: { had: '2', why_zh: '时段未完。', why_en: 'The hours are not over yet.', mend_zh: '', mend_en: '' },
};

export class FakeReports {
  notes = new Map();

  #row(outcome, n, day) {
    const start = `${day}T${String(8 + n).padStart(2, '0')}:00:00.000+08:00`;
    const did_start = !['did_not_air', 'missing_content', 'no_word', 'to_come'].includes(outcome);
    return {
      day, channel: 'cable', channel_name: '成华有线电视', campaign: 'pact', campaign_title: titles['pact-chengdu'].zh, asset: 'pact-chengdu', title: titles['pact-chengdu'].zh,
      planned_start: start, planned_s: 15, outcome, start: did_start ? start : '', aired_s: did_start ? 15 : 0, evidence: did_start ? 'measured' : '', made_good: outcome === 'preempted' ? 1 : 0,
      entry: did_start ? 400 + n : null, placement: `p-row-${n}`, notes: this.notes.get(`p-row-${n}`) ?? '',
    };
  }

  answer(report, query) {
    const day = query.get('from');
    if (report === 'compliance') {
      const rows = Object.entries(standings).map(([standing, more], n) => ({ day, channel: `c${n}`, channel_name: `成华有线电视 ${n + 1} 套`, ...rule, asked: '4', standing, ...more }));
      return { report, from: day, to: query.get('to'), total: rows.length, rows };
    }
    const rows = outcomes.map((outcome, n) => this.#row(outcome, n, day)).filter((row) => query.get('open') !== 'true' || row.outcome !== 'aired');
    const unplanned = [{ channel: 'feed', start: `${day}T07:00:00.000+08:00`, fact: 'aired', evidence: 'measured', why: 'never_planned', entry: 399, placement: 'p-none', notes: '' }];
    return { report, from: day, to: query.get('to'), total: rows.length, rows, unplanned, summary: outcomes.map((outcome) => ({ outcome, placements: 1 })) };
  }

  note({ placement, by, text }) {
    this.notes.set(placement, `${by}：${text}`);
    return { placement, entry: 901 };
  }
}
