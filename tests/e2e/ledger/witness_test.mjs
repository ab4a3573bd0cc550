// SPDX-License-Identifier: Apache-2.0
// Two stations, two hosts, each the other's witness. Then one of them is put back from a backup of
// everything, keys and seal too, which no check on its own disk can notice.
import assert from 'node:assert/strict';
import { verify } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Station, public_key, until } from './station.mjs';

let alpha;
let beta;
const line = (station, name) => station.text('keys', `${name}.pub`).trim();

/// Each names the other's ledger and key as a witness; the addresses are known once both run.
async function start_both() {
  for (const [one, other] of [[alpha, beta], [beta, alpha]]) one.put('witnessed.policy', `# 互相见证\nlog ${line(other, 'ledger')}\nquorum none\n`);
  // A first start makes the keys of the witnesses and finds free ports.
  for (const one of [alpha, beta]) { await one.start(); one.port = new URL(one.api).port; }
  for (const one of [alpha, beta]) await one.stop();
  for (const [one, other] of [[alpha, beta], [beta, alpha]])
    one.put('witnesses.policy', `log ${line(one, 'ledger')}\nwitness there ${line(other, 'witness')} http://127.0.0.1:${other.port}/\nquorum there\n`);
  for (const one of [alpha, beta]) await one.start(one.port);
}

before(async () => {
  alpha = new Station('alpha');
  beta = new Station('beta');
  alpha.fill(300);
  beta.fill(20);
  await start_both();
});
after(async () => { await alpha.remove(); await beta.remove(); });

const cosigned = (station, size) => until(() => station.ledger(), (said) => said.witnessing.quorum === true && said.witnessing.size === size);

test('each cosigns the other, and says so', async () => {
  const said = await cosigned(alpha, 300);
  assert.equal(said.witnessing.witnesses[0].name, 'there');
  assert.equal(said.witnessing.witnesses[0].fault, null);
  assert.equal(said.witnessing.fault, null);
  await cosigned(beta, 20);
  const seen = (await beta.ledger()).witnessing.witnessed;
  assert.deepEqual(seen.map(({ origin, size, fault }) => ({ origin, size, fault })), [{ origin: 'alpha.civicast.local/airings', size: 300, fault: null }]);
  await until(async () => (await fetch(`${alpha.api}/api/v1/live`)).json(), (live) => live.ledger.quorum === true);
});

test('the cosignature at /checkpoint is one by its specification', async () => {
  const note = await (await fetch(`${alpha.api}/checkpoint`)).text();
  const [text, signatures] = note.split('\n\n');
  const witness = public_key(line(beta, 'witness'));
  const mine = signatures.split('\n').map((one) => one.split(' ')).find((one) => one[1] === witness.name);
  const bytes = Buffer.from(mine[2], 'base64');
  assert.equal(bytes.length, 4 + 8 + 64);
  assert.equal(bytes.subarray(0, 4).toString('hex'), witness.id);
  const time = bytes.readBigUInt64BE(4);
  assert.ok(Math.abs(Number(time) - Date.now() / 1000) < 3600);
  assert.ok(verify(null, Buffer.from(`cosignature/v1\ntime ${time}\n${text}\n`), witness.key, bytes.subarray(12)));
});

test('a proof holds by the policy, and not by a policy that asks for more', () => {
  const proof = join(alpha.folder, '7.tlog-proof');
  alpha.civicast('ledger', 'proof', '7', '--out', proof);
  const rows = JSON.parse(alpha.civicast('ledger', 'verify-proof', proof, '--policy', alpha.path('witnesses.policy'), '--format', 'json'));
  assert.equal(rows[0].cosigners, 1);
  const strict = join(alpha.folder, 'strict.policy');
  writeFileSync(strict, `${alpha.text('witnesses.policy').replace('quorum there\n', '')}witness here ${line(alpha, 'witness')}\ngroup both all there here\nquorum both\n`);
  assert.throws(() => alpha.civicast('ledger', 'verify-proof', proof, '--policy', strict), { status: 1 });
});

test('the witness answers others by its specification', async () => {
  const post = (body) => fetch(`${beta.api}/add-checkpoint`, { method: 'POST', body });
  const note = await (await fetch(`${alpha.api}/checkpoint`)).text();
  const stale = await post(`old 0\n\n${note}`);
  assert.equal(stale.status, 409);
  assert.equal(stale.headers.get('content-type'), 'text/x.tlog.size');
  assert.equal(await stale.text(), '300\n');
  const again = await post(`old 300\n\n${note}`);
  assert.equal(again.status, 200);
  assert.match(await again.text(), /^— beta\.civicast\.local\/witness \S+\n$/);
  assert.equal((await post(`old 301\n\n${note}`)).status, 400);
  assert.equal((await post(`old 300\n\n${note.replace('alpha', 'gamma')}`)).status, 404);
  assert.equal((await post(`old 300\n\n${note.replace('\n300\n', '\n301\n')}`)).status, 403);
  assert.equal((await post('hello')).status, 400);
});

test('a witness that is away is said, and the host goes on; when it is back they go on from there', async () => {
  await beta.stop();
  await alpha.stop();
  alpha.save('backup');
  alpha.fill(50, 'true');
  await alpha.start(alpha.port);
  const alone = await until(() => alpha.ledger(), (said) => said.witnessing.quorum === false);
  assert.equal(alone.witnessing.fault.code, 'ledger.quorum_missing');
  assert.match(alone.witnessing.fault.zh, /见证方/);
  assert.equal(alone.witnessing.witnesses[0].fault.code, 'witness.unreachable');
  assert.equal(alone.witnessing.size, 300);
  assert.equal(alone.signed_size, 350);
  await beta.start(beta.port);
  await cosigned(alpha, 350);
});

test('a ledger that was put back with everything is refused, and both sides say so', async () => {
  await alpha.stop();
  alpha.put_back('backup');
  alpha.fill(10, 'false');
  await alpha.start(alpha.port);
  const fell = await until(() => alpha.ledger(), (said) => said.witnessing.quorum === false);
  assert.equal(fell.witnessing.witnesses[0].fault.code, 'witness.we_fell_back');

  await alpha.stop();
  alpha.fill(100, 'false');
  await alpha.start(alpha.port);
  const refused = await until(() => alpha.ledger(), (said) => said.witnessing.quorum === false);
  assert.equal(refused.witnessing.witnesses[0].fault.code, 'witness.we_are_refused');
  assert.equal(refused.verdict === null || refused.verdict.good, true);  // its own disk shows nothing
  const seen = (await beta.ledger()).witnessing.witnessed[0];
  assert.equal(seen.size, 350);
  assert.equal(seen.fault.code, 'witness.log_not_continued');
  assert.match(alpha.log(), /refuses/);
});
