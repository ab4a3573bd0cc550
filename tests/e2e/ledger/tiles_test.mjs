// SPDX-License-Identifier: Apache-2.0
// A reader of C2SP tlog-tiles written from its specification, against the running host: it recomputes
// the root from the bundles of entries, and every hash of every tile.
import assert from 'node:assert/strict';
import { createHash, verify } from 'node:crypto';
import { after, before, test } from 'node:test';

import { Station, public_key } from './station.mjs';

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const leaf_hash = (entry) => sha256(Buffer.of(0), entry);
const node_hash = (left, right) => sha256(Buffer.of(1), left, right);

/// MTH of RFC 6962 §2.1.
function root_of(leaves) {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0];
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return node_hash(root_of(leaves.slice(0, split)), root_of(leaves.slice(split)));
}

function address(row, number, width) {
  const parts = [String(number % 1000).padStart(3, '0')];
  for (let rest = Math.floor(number / 1000); rest > 0; rest = Math.floor(rest / 1000)) parts.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  return `/tile/${row}/${parts.join('/')}${width < 256 ? `.p/${width}` : ''}`;
}

let station;
let checkpoint;
before(async () => {
  station = new Station('alpha');
  station.fill(70_000);
  await station.start();
  const answer = await fetch(`${station.api}/checkpoint`);
  assert.equal(answer.headers.get('content-type'), 'text/plain; charset=utf-8');
  assert.match(answer.headers.get('cache-control'), /no-store|no-cache/);
  checkpoint = await answer.text();
});
after(() => station.remove());

async function tile(row, number, width) {
  const answer = await fetch(station.api + address(row, number, width));
  assert.equal(answer.status, 200, address(row, number, width));
  assert.equal(answer.headers.get('content-type'), 'application/octet-stream');
  assert.match(answer.headers.get('cache-control'), /max-age=\d{6,}/);
  return Buffer.from(await answer.arrayBuffer());
}

async function* row(name, count) {
  for (let number = 0; number * 256 < count; number += 1) yield tile(name, number, Math.min(256, count - number * 256));
}

function entries_in(bundle) {
  const entries = [];
  for (let at = 0; at < bundle.length;) {
    const length = bundle.readUInt16BE(at);
    entries.push(bundle.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return entries;
}

test('the checkpoint is signed, and the entries that are served have its root', async () => {
  const [text, signatures] = checkpoint.split('\n\n');
  const [origin, size, root] = text.split('\n');
  const { name, key } = public_key(station.text('keys', 'ledger.pub'));
  assert.equal(origin, name);
  assert.equal(size, '70000');
  const signature = Buffer.from(signatures.trim().split(' ')[2], 'base64').subarray(4);
  assert.ok(verify(null, Buffer.from(`${text}\n`), key, signature));

  let level = [];
  for await (const bundle of row('entries', 70_000)) level.push(...entries_in(bundle).map(leaf_hash));
  assert.equal(level.length, 70_000);
  assert.equal(root_of(level).toString('base64'), root);
  // The worked example of the specification: 273 full tiles and one of 112, then 1 and 17, then 1.
  for (const [height, widths] of [[273, 112], [1, 17], [0, 1]].entries()) {
    assert.deepEqual([Math.floor(level.length / 256), level.length % 256], widths);
    const served = [];
    for await (const hashes of row(String(height), level.length)) served.push(hashes);
    assert.ok(Buffer.concat(served).equals(Buffer.concat(level)));
    level = Array.from({ length: widths[0] }, (_, i) => root_of(level.slice(i * 256, i * 256 + 256)));
  }
});

test('a narrower partial tile is the beginning of a wider one', async () => {
  const wide = await tile('0', 273, 112);
  for (const width of [1, 50, 111]) assert.ok((await tile('0', 273, width)).equals(wide.subarray(0, width * 32)));
});

test('what is not there is refused with a sentence, and so is every other spelling', async () => {
  for (const path of ['/tile/0/273', '/tile/0/273.p/113', '/tile/0/274.p/1', '/tile/1/001', '/tile/3/000.p/1', '/tile/63/000', '/tile/64/000',
    '/tile/0/x000/001', '/tile/0/1', '/tile/00/001', '/tile/0/000.p/256', '/tile/0/000.p/0', '/tile/entries/273', '/tile/0/%2e%2e/000',
    '/tile/0', '/tile/entries/x999/x999/x999/x999/x999/x999/x999/999']) {
    const answer = await fetch(station.api + path);
    assert.ok(answer.status === 404 || answer.status === 400, `${path}: ${answer.status}`);
    const refusal = await answer.json();
    assert.match(refusal.zh, /[\u4e00-\u9fff]/);
    assert.match(refusal.en, /[a-z]{3}/);
  }
});

test('a tile may be asked for with HEAD', async () => {
  const answer = await fetch(station.api + address('0', 0, 256), { method: 'HEAD' });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-length'), '8192');
});
