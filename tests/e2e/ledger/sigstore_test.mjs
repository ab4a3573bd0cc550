// SPDX-License-Identifier: Apache-2.0
// What `civicast ledger proof` wrote, before the verifier of Sigstore: its reading of the note, its
// Ed25519 by Node, its RFC 6962.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';

import { Station, public_key } from './station.mjs';

const require = createRequire(import.meta.url);
// Its package offers only the whole of Sigstore; the two parts that are about logs are in these files.
const dist = dirname(require.resolve('@sigstore/verify'));
const { verifyCheckpoint } = require(join(dist, 'tlog/checkpoint.js'));
const { verifyMerkleInclusion } = require(join(dist, 'tlog/merkle.js'));

let station;
let log;
before(() => {
  station = new Station('alpha');
  station.fill(1000);
  const { name, id, key } = public_key(station.text('keys', 'ledger.pub'));
  log = { baseURL: name, logID: Buffer.from(id, 'hex'), publicKey: key };
});
after(() => station.remove());

/// A tlog-proof as Sigstore's verifier wants it.
function entry_of(index) {
  const file = join(station.folder, `${index}.tlog-proof`);
  station.civicast('ledger', 'proof', String(index), '--out', file);
  const lines = readFileSync(file, 'utf8').split('\n');
  assert.equal(lines[0], 'c2sp.org/tlog-proof@v1');
  assert.equal(lines[1], `index ${index}`);
  const blank = lines.indexOf('');
  return {
    canonicalizedBody: readFileSync(file.replace('.tlog-proof', '.entry')),
    inclusionProof: {
      logIndex: String(index),
      hashes: lines.slice(2, blank).map((line) => Buffer.from(line, 'base64')),
      checkpoint: { envelope: lines.slice(blank + 1).join('\n') },
    },
  };
}
const judge = (entry, logs = [log]) => verifyMerkleInclusion(entry, verifyCheckpoint(entry, logs));

test('every proof is accepted', () => {
  for (const index of [0, 1, 255, 256, 511, 512, 767, 768, 998, 999]) judge(entry_of(index));
});

test('nothing that was changed is accepted', () => {
  const change = (make) => assert.throws(() => judge(make(entry_of(300))), { code: 'TLOG_INCLUSION_PROOF_ERROR' });
  change((entry) => { entry.canonicalizedBody[5] ^= 1; return entry; });
  change((entry) => { entry.inclusionProof.logIndex = '301'; return entry; });
  change((entry) => { entry.inclusionProof.hashes[4][0] ^= 1; return entry; });
  change((entry) => { entry.inclusionProof.hashes.pop(); return entry; });
  change((entry) => {
    const note = entry.inclusionProof.checkpoint;
    note.envelope = note.envelope.replace('\n1000\n', '\n1001\n');
    return entry;
  });
});

test('another key under the same name is not accepted', () => {
  const other = new Station('alpha');
  try {
    const forged = { ...log, publicKey: public_key(other.text('keys', 'ledger.pub')).key };
    assert.throws(() => judge(entry_of(3), [forged]), { code: 'TLOG_INCLUSION_PROOF_ERROR' });
  } finally { other.remove(); }
});

test('our own verifier says the same with the public key alone', () => {
  entry_of(300);
  const file = join(station.folder, '300.tlog-proof');
  const rows = JSON.parse(station.civicast('ledger', 'verify-proof', file, '--pub', station.path('keys', 'ledger.pub'), '--format', 'json'));
  assert.equal(rows[0].verdict, 'good');
  assert.equal(rows[0].size, 1000);
  assert.throws(() => station.civicast('ledger', 'verify-proof', file, '--entry', join(station.folder, 'source/station.xml')), { status: 1 });
});
