// SPDX-License-Identifier: Apache-2.0
// The rules of the house that a compiler does not know.
import { readFileSync } from 'node:fs';
import { conclude, files } from './tree.mjs';

const most_lines = 500;
const mistakes = [];
const sources = files('*.cpp', '*.hpp', '*.h', '*.c', '*.ts', '*.vue', '*.mjs', '*.js', '*.inc', '*.def');
const text_of = (name) => readFileSync(name, 'utf8');
const wrong = (name, line, what) => mistakes.push(`${name}${line ? `:${line}` : ''}: ${what}`);

for (const name of sources) {
  const text = text_of(name);
  const lines = text.split('\n');
  if (lines.length - 1 > most_lines) wrong(name, 0, `${lines.length - 1} lines: a room that wants a wall`);
  if (!lines.slice(0, 3).join('\n').includes('SPDX-License-Identifier: Apache-2.0')) wrong(name, 1, 'no SPDX line');
  lines.forEach((line, i) => {
    if (/^#include\s+"\.\.?\//.test(line)) wrong(name, i + 1, 'an include names its file from the top of the house');
    if (/\b(TODO|FIXME|XXX)\b/.test(line) && name !== 'tests/shape/shape.mjs') wrong(name, i + 1, 'unfinished');
  });
  if (/\.(hpp|h)$/.test(name) && /^\s*using namespace/m.test(text)) wrong(name, 0, 'using namespace in a header');
  if (!name.startsWith('tests/') && /\b(system|popen|strcpy|sprintf)\s*\(/.test(text.replace(/\/\/.*$/gm, '')) && /\.(cpp|hpp|h|c)$/.test(name))
    wrong(name, 0, 'a function that this house does not use');
}

for (const name of files('tests/*.cpp', 'tests/**/*.cpp')) {
  const text = text_of(name);
  // CTest's lists are divided by semicolons: such a test would be two that match nothing.
  for (const [, test] of text.matchAll(/TEST_CASE\(\s*"((?:[^"\\]|\\.)*)"/g))
    if (test.includes(';')) wrong(name, 0, `the test "${test}" has a semicolon in its name`);
  if (text.includes('TEST_CASE') && !/\b(CHECK|REQUIRE|check_law)/.test(text)) wrong(name, 0, 'a test that asserts nothing');
}

// The table of faults: numbers and names are unique, every sentence is there in both languages,
// and every table is part of the manual.
const manual = text_of('tools/civicast/fault_tables.inc');
const seen = new Map();
let rows = 0;
for (const name of files('*.def')) {
  if (!manual.includes(`"${name}"`)) wrong(name, 0, 'not in tools/civicast/fault_tables.inc');
  for (const row of text_of(name).matchAll(/CIVICAST_FAULT\(\s*(\d+),\s*(\w+),\s*"([^"]+)",\s*(\w+),\s*((?:"(?:[^"\\]|\\.)*"\s*)+),\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\)/g)) {
    rows += 1;
    const [, number, , code, , zh, en] = row;
    for (const key of [number, code]) {
      if (seen.has(key)) wrong(name, 0, `${key} is also in ${seen.get(key)}`);
      seen.set(key, name);
    }
    if (!/[\u4e00-\u9fff]/.test(zh)) wrong(name, 0, `${code} has no Chinese sentence`);
    if (!/[a-z]{3}/.test(en)) wrong(name, 0, `${code} has no English sentence`);
  }
  const declared = (text_of(name).match(/^CIVICAST_FAULT\(/gm) ?? []).length;
  const understood = (text_of(name).match(/CIVICAST_FAULT\(\s*\d+,\s*\w+,\s*"[^"]+",\s*\w+,\s*(?:"(?:[^"\\]|\\.)*"\s*)+,\s*(?:"(?:[^"\\]|\\.)*"\s*)+\)/g) ?? []).length;
  if (declared !== understood) wrong(name, 0, `${declared - understood} rows are not of the common shape`);
}
if (rows === 0) wrong('*.def', 0, 'no table of faults was found');

conclude('shape', sources.length, mistakes);
