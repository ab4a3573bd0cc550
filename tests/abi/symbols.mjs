// SPDX-License-Identifier: Apache-2.0
// `symbols.mjs NM FOLDER…`: every plugin in the folders exports exactly one symbol, the entry.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [nm, ...folders] = process.argv.slice(2);
const entry = 'civ_channel_entry_v1';
const mistakes = [];
let checked = 0;

for (const folder of folders) {
  let here = 0;
  for (const name of readdirSync(folder)) {
    const manifest = join(folder, name, 'plugin.json');
    if (!existsSync(manifest)) continue;
    const { binary } = JSON.parse(readFileSync(manifest, 'utf8'));
    if (!binary) continue; // a program of its own, which exports nothing
    here += 1;
    const file = join(folder, name, binary);
    const run = spawnSync(nm, ['-D', '--defined-only', '--format=posix', file], { encoding: 'utf8' });
    const symbols = (run.stdout ?? '').split('\n').filter(Boolean).map((line) => line.split(' ')[0]);
    if (run.status !== 0) mistakes.push(`${file}: ${run.stderr ?? run.error}`);
    else if (symbols.length !== 1 || symbols[0] !== entry) mistakes.push(`${file}: exports ${symbols.join(', ') || 'nothing'}`);
  }
  if (here === 0) mistakes.push(`${folder}: no plugin in it`);
  checked += here;
}

for (const mistake of mistakes) console.log(mistake);
console.log(`symbols: ${checked} plugins checked, ${mistakes.length} wrong`);
process.exit(mistakes.length > 0 ? 1 : 0);
