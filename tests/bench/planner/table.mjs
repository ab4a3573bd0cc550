// SPDX-License-Identifier: Apache-2.0
// How good plans are, as a table: each instance of a folder (S.json, M.json, L.json, T.json, X.json)
// planned anew for each seed and budget, beside what must be reached and what others reach.
//
//   node tests/bench/planner/table.mjs FOLDER [--seeds 1,2,3,4,5] [--program build/bin/bench-planner]
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

/// `most`: the cost that must be reached; `over`: or so many per cent over the bound; `all`: with
/// every airing placed. The references are those of the bench's own page.
const rows = [
  { name: 'S', seconds: 10, most: 33.27, reference: 'CBC, optimal, 90 s: 33.239' },
  { name: 'M', seconds: 30, most: 841.1, reference: 'CBC, 300 s: 841.09' },
  { name: 'L', seconds: 10, most: 4606, reference: 'annealing, 10 s: 4,621.6' },
  { name: 'L', seconds: 3, over: 1.5, reference: 'CBC, 300 s: 60,885' },
  { name: 'T', seconds: 60, most: 4200, reference: 'annealing, 60 s: 4,659' },
  { name: 'X', seconds: 5, all: true, reference: '–' },
  { name: 'X', seconds: 60, most: 7700, reference: 'annealing, 60 s: 7,745.7' },
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: 'string', default: '1,2,3' }, program: { type: 'string', default: 'build/bin/bench-planner' } },
});
const folder = positionals[0];
if (!folder) {
  console.error('请给出题目所在的目录 · Name the folder of the instances');
  process.exit(2);
}

function plan(row, seed) {
  const args = [path.join(folder, `${row.name}.json`), '--cpu-seconds', String(row.seconds), '--seed', seed];
  const lines = execFileSync(values.program, args, { encoding: 'utf8' }).trim().split('\n');
  return JSON.parse(lines[lines.length - 1]);
}

const over = (result) => (result.objective / result.bound - 1) * 100;

function isReached(row, result) {
  if (result.cpu_seconds > row.seconds) return false;
  if (row.all) return result.placed === result.wanted;
  return row.most ? result.objective <= row.most : over(result) <= row.over;
}

function must(row) {
  if (row.all) return 'all placed';
  return row.most ? `≤ ${row.most}` : `≤ ${row.over} % over the bound`;
}

console.log('| instance | CPU s | must | reached, by seed | over the bound at most, % | reached | others |');
console.log('|---|---|---|---|---|---|---|');
for (const row of rows) {
  if (!existsSync(path.join(folder, `${row.name}.json`))) {
    console.log(`| ${row.name} | ${row.seconds} | ${must(row)} | no such file | | | ${row.reference} |`);
    continue;
  }
  const results = values.seeds.split(',').map((seed) => plan(row, seed));
  const costs = results.map((result) => `${result.objective} (${result.placed} of ${result.wanted})`);
  const good = results.filter((result) => isReached(row, result)).length;
  console.log(
    `| ${row.name} | ${row.seconds} | ${must(row)} | ${costs.join('; ')} | ` +
      `${Math.max(...results.map(over)).toFixed(2)} | ${good} of ${results.length} | ${row.reference} |`,
  );
}
