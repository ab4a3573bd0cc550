// SPDX-License-Identifier: Apache-2.0
// What the fake station's channels say of themselves, in the sections of sdk/wire/PROTOCOL.md, and
// the proof of an airing.
import { createHash } from 'node:crypto';

const instant = (ms) => new Date(ms).toISOString();
const words = (zh, en) => ({ zh, en });
const frame_ms = 40;

/// id, name, rule, limit, unit, worst; one without a limit only counts.
const rows = [
  ['sync', words('同步字节', 'Sync byte'), 'TR 101 290 1.2'],
  ['continuity', words('连续计数', 'Continuity'), 'TR 101 290 1.4'],
  ['pat_interval', words('PAT 间隔', 'PAT interval'), 'TR 101 290 1.3', 100, 'ms', 98.7],
  ['pcr_interval', words('PCR 间隔', 'PCR interval'), 'TR 101 290 2.3a', 40, 'ms', 21.4],
  ['pcr_accuracy', words('PCR 精度', 'PCR accuracy'), 'TR 101 290 2.4', 500, 'ns', 0],
  ['lead', words('解码提前量（DTS−PCR）', 'Decoding lead (DTS−PCR)'), 'ISO 13818-1', 0, 'ms', 341],
];

/// What a test may change: `errors` on the RTP output, `violations` of the PCR interval, a live
/// input that is `away`.
export function signal_status(upset, on_air, next, opened, now) {
  const sent = Math.floor((now - opened) / 1000) * 2660;
  const since = on_air ? now - Date.parse(on_air.start) : 0;
  const checks = rows.map(([id, name, rule, limit, unit, worst]) => ({
    id, name, rule, violations: 0, ...(limit === undefined ? {} : { limit, unit, worst, is_least: id === 'lead' }),
    ...(id === 'pcr_interval' && upset.violations ? { worst: 61.8, violations: upset.violations, violated_at: instant(upset.violated_ms ?? now) } : {}),
  }));
  const unit = words('TS 包', 'TS packets');
  return {
    on_air: on_air && { placement: on_air.id, kind: on_air.kind, title: on_air.title.zh, frame: Math.floor(since / frame_ms), frames: Math.round((Date.parse(on_air.end) - Date.parse(on_air.start)) / frame_ms) },
    outputs: [
      { kind: 'udp', address: 'udp://239.1.1.7:5500?ttl=4&interface=192.0.2.5', sent, errors: 0, unit },
      {
        kind: 'rtp', address: 'rtp://239.1.1.8:5500?ttl=4', sent: sent - upset.errors, errors: upset.errors, unit,
        ...(upset.errors ? { error_at: instant(upset.failed_ms ?? now), last_error: words('网络不可达，请检查网卡和路由。 (Network is unreachable)', 'the network is unreachable; check the interface and the route. (Network is unreachable)') } : {}),
      },
      { kind: 'srt', address: 'srt://:9000?mode=listener', sent: 0, errors: 0, unit, receivers: upset.receivers ?? 0 },
      ...Array.from({ length: upset.more_outputs ?? 0 }, (_, n) => ({ kind: 'udp', address: `udp://10.0.0.${n + 1}:5500`, sent, errors: 0, unit })),
    ],
    inputs: [
      upset.away
        ? { address: 'srt://studio.example:9000', state: 'away', losses: 3, says: words('直播输入中断。', 'The live input is lost.') }
        : { address: 'srt://studio.example:9000', state: 'standby', losses: 2 },
    ],
    cues: { sent: 240, missed: 0, next: next.filter((i) => i.kind === 'placement').map((i) => ({ break: i.id, start: i.start, end: i.end, is_announced: Date.parse(i.start) - now < 8000 })) },
    checks,
    counters: { frames: Math.floor((now - opened) / frame_ms), send_errors: upset.errors, late_max_us: 3120, stalls: 0, continuity_errors: 0, pcr_late: upset.violations ?? 0, of_a_newer_version: 7 },
  };
}

export function whole_airing(airing) {
  const is_lost = airing.fact !== 'aired';
  const sha256 = createHash('sha256').update(airing.placement).digest('hex');
  const proof = airing.channel !== 'cable' ? { report: 17, browser: 'Chromium 124' } : {
    frames_sent: is_lost ? 207 : 375, frames_expected: 375, first_pts: 5958000123, last_pts: 5959346523, packets: 39912,
    send_errors: is_lost ? 4 : 0, sha256, late_max_us: 2140, signal_violations: is_lost ? 2 : 0, ...(is_lost ? { continuity_errors: 2 } : {}),
    pcr_interval_max_us: 21400,
  };
  return {
    ...airing, planned_start: airing.start, planned_end: airing.end, house_sha256: sha256, plugin: `org.civicast.${airing.channel}`, plugin_version: '1.0.0',
    remote: '', proof,
  };
}
