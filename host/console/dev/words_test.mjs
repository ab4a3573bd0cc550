// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const src = fileURLToPath(new URL('../src', import.meta.url));
const table = (language) => JSON.parse(readFileSync(join(src, 'words', `${language}.json`), 'utf8'));
const zh = table('zh'), en = table('en');

function leaves(node, path = '') {
  return typeof node === 'string' ? [[path.slice(1), node]] : Object.entries(node).flatMap(([k, v]) => leaves(v, `${path}.${k}`));
}

const slots = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? sources(join(folder, entry.name)) : /\.(vue|ts)$/.test(entry.name) ? [join(folder, entry.name)] : []);
}

test('both languages say the same things with the same blanks', () => {
  const chinese = Object.fromEntries(leaves(zh)), english = Object.fromEntries(leaves(en));
  assert.deepEqual(Object.keys(chinese), Object.keys(english));
  for (const [key, text] of Object.entries(chinese)) {
    assert.ok(text.length > 0 && english[key].length > 0, key);
    assert.deepEqual(slots(text), slots(english[key]), key);
  }
});

test('every word that the page asks for by name is in the tables', () => {
  const keys = new Set(leaves(zh).map(([key]) => key));
  const asked = sources(src).flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/\bt\('([\w.]+)'/g)].map((m) => m[1]));
  assert.ok(asked.length > 50);
  for (const key of asked) assert.ok(keys.has(key), key);
});

test('no text for people stands in a component', () => {
  for (const file of sources(src)) {
    const code = readFileSync(file, 'utf8').replace(/^\s*(\/\/|<!--|\*).*$/gm, '');
    const chinese = code.split('\n').filter((line) => /[\u4e00-\u9fff]/.test(line.replace(/\/\/.*$/, '')) && !line.includes("'中文'"));
    assert.deepEqual(chinese, [], file);
  }
});

test('every state and status that the API knows has its word', () => {
  const components = JSON.parse(readFileSync(join(src, '../../api/openapi/components.json'), 'utf8')).schemas;
  for (const state of components.Item.properties.state.enum) assert.ok(zh.state[state], state);
  for (const state of components.Worker.properties.state.enum) assert.ok(zh.worker[state], state);
  for (const kind of components.Item.properties.kind.enum) assert.ok(zh.kind[kind], kind);
  for (const grade of components.Airing.properties.evidence.enum) assert.ok(zh.evidence[grade], grade);
});
