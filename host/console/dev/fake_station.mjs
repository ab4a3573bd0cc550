// SPDX-License-Identifier: Apache-2.0
// What the fake API's station consists of.

export const round_ms = 30_000;

const values = [
  ['fuqiang', '富强', 'Prosperity'], ['minzhu', '民主', 'Democracy'], ['wenming', '文明', 'Civility'], ['hexie', '和谐', 'Harmony'],
  ['ziyou', '自由', 'Freedom'], ['pingdeng', '平等', 'Equality'], ['gongzheng', '公正', 'Justice'], ['fazhi', '法治', 'Rule of Law'],
  ['aiguo', '爱国', 'Patriotism'], ['jingye', '敬业', 'Dedication'], ['chengxin', '诚信', 'Integrity'], ['youshan', '友善', 'Friendship'],
];

export const titles = Object.fromEntries([
  ...values.map(([id, zh, en]) => [`values-${id}`, { zh: `图说我们的价值观：${zh}`, en: `Our Values in Pictures: ${en}` }]),
  ['pact-chengdu', { zh: '成都市民文明公约：讲文明 树新风', en: "The Chengdu Citizens' Pact: Good Manners, Fresh Air" }],
  ['guard-heart', { zh: '不忘初心 一路守护', en: 'True to the Beginning, Watching Over the Way' }],
  ['prog-ident', { zh: '成华有线电视 台标', en: 'Chenghua Cable TV ident' }],
  ['prog-xianjie', { zh: '仙姐在线', en: 'Sister Xian Online' }],
  ['filler-park', { zh: '公园风光', en: 'In the Park' }],
]);

/// Asset to the poster that stands for it.
export const assets = Object.fromEntries(
  Object.keys(titles).map((id) => [id, id.startsWith('values-') ? id : { 'pact-chengdu': 'values-wenming', 'guard-heart': 'values-jingye', 'prog-xianjie': 'values-youshan' }[id]]),
);

export const campaigns = [
  { id: 'values', title: { zh: '图说我们的价值观', en: 'Our Values in Pictures' } },
  { id: 'pact', title: titles['pact-chengdu'] },
  { id: 'guard', title: titles['guard-heart'] },
].map((c) => ({ ...c, class: 'psa', first: '2026-01-01', last: '2028-12-31', targets: [], position: 'any', not_with: [] }));

export const channels = [
  { id: 'cable', plugin: 'cable', name: { zh: '成华有线电视', en: 'Chenghua Cable TV' }, links: [{ rel: 'preview', href: 'preview/live.m3u8' }] },
  { id: 'screens', plugin: 'screens', name: { zh: '社区大屏', en: 'Community Screens' } },
  { id: 'feed', plugin: 'feed', name: { zh: '文明实践公告', en: 'Civic Practice Notices' }, links: [{ rel: 'atom', href: 'http://127.0.0.1:8092/atom.xml' }] },
];

export const places = [
  { id: 'chenghua', kind: 'centre', name: { zh: '成华区新时代文明实践中心', en: 'Chenghua District Centre' }, parent: '' },
  { id: 'screen-hemei', kind: 'screen', name: { zh: '和美社区大屏', en: 'Hemei community screen' }, parent: 'chenghua' },
  { id: 'screen-heshun', kind: 'screen', name: { zh: '和顺社区大屏', en: 'Heshun community screen' }, parent: 'chenghua' },
  { id: 'screen-jinxiu', kind: 'screen', name: { zh: '锦绣社区大屏', en: 'Jinxiu community screen' }, parent: 'chenghua' },
];

export const screens = [
  { place: 'screen-hemei', online: true, href: 'http://127.0.0.1:8091/screen/screen-hemei', last_seen: new Date().toISOString(), picture: 'pictures/screen-hemei.jpg', on_air: '' },
  { place: 'screen-heshun', online: true, href: 'http://127.0.0.1:8091/screen/screen-heshun', last_seen: new Date().toISOString(), picture: 'pictures/screen-heshun.jpg', on_air: '' },
  { place: 'screen-jinxiu', online: false, href: 'http://127.0.0.1:8091/screen/screen-jinxiu', last_seen: null, picture: null, on_air: '' },
];

/// The spot of the round numbered `n`.
export function spot_of(n) {
  if (n % 4 === 1) return { asset: 'pact-chengdu', campaign: 'pact' };
  if (n % 4 === 3) return { asset: 'guard-heart', campaign: 'guard' };
  return { asset: `values-${values[(n / 2) % 12][0]}`, campaign: 'values' };
}

/// Everything in round `n` of a channel: programme, spot, filler; on the feed a post.
export function item_at(channel, n) {
  const from = n * round_ms;
  const item = (kind, asset, at, length, campaign) => ({
    id: `${channel}/${n}/${kind}`, kind, asset, title: titles[asset], ...(campaign && { campaign }),
    thumbnail: `/api/v1/assets/${asset}/thumbnail`, start_ms: from + at, end_ms: from + at + length,
  });
  const spot = spot_of(n + (channel === 'screens' ? 3 : 0));
  if (channel === 'feed') return [item('placement', spot.asset, 12_000, 0, spot.campaign)];
  return [
    item('programme', n % 2 ? 'prog-xianjie' : 'prog-ident', 0, 12_000),
    item('placement', spot.asset, 12_000, 15_000, spot.campaign),
    item('filler', 'filler-park', 27_000, 3_000),
  ];
}
