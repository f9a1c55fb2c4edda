import assert from 'node:assert/strict';
import { test } from 'node:test';
import { words } from '../../../web/src/i18n';
import { editValue, parseValue, showValue } from '../../../web/src/model/value';

const cases: [string, unknown, string][] = [
  ['text', 'a b', 'a b'],
  ['int', 3, '3'],
  ['decimal', '0.015', '0.015'],
  ['bool', true, 'true'],
  ['list', ['a', 'b c'], 'a\nb c'],
  ['ints', [1, 7], '1\n7'],
  ['vector', [1, null, 2], '1 ? 2'],
  ['levels', { safety: 3 }, 'safety: 3'],
  ['answers', { network: true, accounts: false }, 'network: true\naccounts: false'],
  ['texts', { 'A b': 'x: y' }, 'A b: x: y'],
];

test('value: what is edited and left alone is the same', () => {
  for (const [type, value, text] of cases) {
    assert.equal(editValue(value as never, type), text);
    assert.deepEqual(parseValue(text, { name: 'a', type }), value, type);
  }
});

test('value: nothing is null, which removes', () => {
  for (const [type] of cases) assert.equal(parseValue('  ', { name: 'a', type }), null);
});

test('value: what does not fit is sent as text, to be refused by the server', () => {
  assert.equal(parseValue('three', { name: 'a', type: 'int' }), 'three');
  assert.deepEqual(parseValue('1 x', { name: 'a', type: 'vector' }), [1, 'x']);
});

test('value: shown with words', () => {
  assert.equal(showValue(['remote_access', 'dmz'], 'enums'), 'Remote access, DMZ');
  assert.equal(showValue({ network: true }, 'answers'), 'Network Yes');
  assert.equal(showValue(undefined, 'text'), '');
});

test('value: a name says its unit once, and what is short for something in capitals', () => {
  const named: [string, string][] = [
    ['physical_boundary', 'Physical boundary'],
    ['lambda_du_per_h', 'Lambda DU (per hour)'],
    ['process_lag_ms', 'Process lag (ms)'],
    ['tolerable_frequency_per_y', 'Tolerable frequency (per year)'],
    ['pfd', 'PFD'],
    ['prior_use_sil', 'Prior use SIL'],
  ];
  for (const [name, text] of named) assert.equal(words(name), text);
});

test('value: a day of the calendar is that day wherever it is read', () => {
  assert.match(showValue('2027-06-30', 'date'), /30/);
});
