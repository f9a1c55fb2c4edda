import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyPatch, conflicts, inverse, patchFields, patchOf, resolve, same } from '../../../web/src/model/merge';

const base = { title: 'Filters', body: 'x', attrs: { purdue: '1', nature: ['control'], operator: 'A' } };

test('merge: same values', () => {
  assert.ok(same({ a: [1, { b: null }] }, { a: [1, { b: null }] }));
  assert.ok(!same({ a: 1 }, { a: 1, b: 2 }));
  assert.ok(!same([1], { 0: 1 }));
  assert.ok(!same(undefined, null));
});

test('merge: a patch removes with null and leaves the rest', () => {
  const after = applyPatch(base, { title: 'T', attrs: { operator: null, purdue: '2' } });
  assert.deepEqual(after, { title: 'T', body: 'x', attrs: { purdue: '2', nature: ['control'] } });
  assert.equal(base.attrs.purdue, '1');
});

test('merge: the inverse undoes', () => {
  const patch = { title: 'T', body: 'y', attrs: { operator: null, isolated: true } };
  assert.deepEqual(applyPatch(applyPatch(base, patch), inverse(base, patch)), base);
});

test('merge: only what both changed differently is a conflict', () => {
  const theirs = applyPatch(base, { title: 'Theirs', attrs: { purdue: '3', operator: 'B' } });
  const patch = { title: 'Yours', body: 'mine', attrs: { purdue: '3' } };
  assert.deepEqual(conflicts(base, theirs, patch), [{ field: 'title', base: 'Filters', yours: 'Yours', theirs: 'Theirs' }]);
  assert.deepEqual(conflicts(base, base, patch), []);
});

test('merge: what was settled goes, what is theirs already does not', () => {
  const theirs = applyPatch(base, { title: 'Theirs', attrs: { purdue: '3' } });
  const patch = { title: 'Yours', body: 'mine', attrs: { purdue: '3' } };
  assert.deepEqual(resolve(theirs, patch, new Map([['title', 'Both']])), { title: 'Both', body: 'mine' });
  assert.deepEqual(patchFields(resolve(theirs, { title: 'Yours' }, new Map([['title', 'Theirs']]))), []);
});

test('merge: fields become a patch', () => {
  assert.deepEqual(patchOf(new Map<string, string | null>([['title', 'T'], ['attrs.a', null], ['attrs.b', 'x']])), { title: 'T', attrs: { a: null, b: 'x' } });
});
