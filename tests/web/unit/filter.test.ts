import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Metamodel } from '../../../web/src/api/types';
import { completeFilter, withTerm } from '../../../web/src/model/filter';

const model: Metamodel = {
  kinds: [
    { name: 'zone', prefix: 'ZN', plural: 'zones', title: 'Zone', attrs: [{ name: 'nature', type: 'enums', values: ['control', 'safety'] }, { name: 'isolated', type: 'bool', values: [] }], states: [{ name: 'draft', initial: true, approved: false, retired: false }], transitions: [] },
    { name: 'risk', prefix: 'RK', plural: 'risks', title: 'Risk', attrs: [{ name: 'stage', type: 'enum', values: ['initial', 'very late'] }], states: [{ name: 'open', initial: true, approved: false, retired: false }], transitions: [] },
  ],
  links: [],
  requirements: [{ fr: 1, name: 'IAC', title: '' }],
};
const labels = (text: string): string[] => completeFilter(text, model).map((one) => one.label);
const values = (text: string): string[] => completeFilter(text, model).map((one) => one.value);

test('filter: terms by their beginning', () => {
  assert.deepEqual(labels('ki'), ['kind:']);
  assert.deepEqual(values('sus'), ['suspect ']);
  assert.ok(labels('').includes('state:'));
  assert.ok(labels('nat').includes('nature:'));
});

test('filter: values of a term, those of the kinds that are named', () => {
  assert.deepEqual(values('kind:z'), ['kind:zone ']);
  assert.deepEqual(labels('kind:zone state:'), ['draft']);
  assert.deepEqual(labels('state:'), ['draft', 'open']);
  assert.deepEqual(values('kind:zone nature:s'), ['kind:zone nature:safety ']);
  assert.deepEqual(labels('isolated:'), ['true', 'false']);
  assert.deepEqual(labels('kind:risk nature:'), []);
});

test('filter: a value with blanks is quoted; quotes and groups are no ends', () => {
  assert.deepEqual(values('stage:very'), ['stage:"very late" ']);
  assert.deepEqual(values('text:"a b" ki'), ['text:"a b" kind:']);
  assert.deepEqual(labels('text:"a ki'), []);
  assert.deepEqual(values('(kind:zone or -ki'), ['(kind:zone or -kind:']);
});

test('filter: without a metamodel there is nothing to propose', () => {
  assert.deepEqual(completeFilter('ki', null), []);
});

test('filter: a term once', () => {
  assert.equal(withTerm('', 'suspect'), 'suspect');
  assert.equal(withTerm('a suspect', 'suspect'), 'a suspect');
  assert.equal(withTerm('suspects', 'suspect'), 'suspects suspect');
});
