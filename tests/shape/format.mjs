// SPDX-License-Identifier: Apache-2.0
// Every C and C++ file is as clang-format would write it.
import { spawnSync } from 'node:child_process';
import { conclude, files } from './tree.mjs';

const sources = files('*.cpp', '*.hpp', '*.h', '*.c');
const mistakes = [];
for (let i = 0; i < sources.length; i += 50) {
  const run = spawnSync(process.argv[2], ['--dry-run', '-Werror', ...sources.slice(i, i + 50)]);
  if (run.error) throw run.error;
  if (run.status !== 0)
    mistakes.push(...run.stderr.toString().split('\n').filter((line) => line.includes('error:')));
}
conclude('formatting', sources.length, mistakes);
