// SPDX-License-Identifier: Apache-2.0
// The files of the house: those that git tracks, and new ones that it does not ignore.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export function files(...patterns) {
  const out = execFileSync(
    'git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z', '--', ...patterns]);
  return out.toString().split('\0').filter((name) => name && existsSync(name));
}

/// Prints what is wrong, and ends the process accordingly.
export function conclude(what, checked, mistakes) {
  for (const mistake of mistakes) console.log(mistake);
  console.log(`${what}: ${checked} checked, ${mistakes.length} wrong`);
  process.exit(mistakes.length > 0 || checked === 0 ? 1 : 0);
}
