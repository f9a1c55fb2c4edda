import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, matchPath } from '../../../web/src/router';
import { PAGES } from '../../../web/src/pages';
import { compareKeys } from '../../../web/src/model/metamodel';

test('router: patterns', () => {
  assert.deepEqual(matchPath('/p/:project/items/:key', '/p/MAIN/items/ZN%2D1'), { project: 'MAIN', key: 'ZN-1' });
  for (const path of ['/p/MAIN/items/', '/p/MAIN/items', '/p/MAIN/items/a/b', '/p//items/a', '/p/MAIN/items/%E0%A4%A']) assert.equal(matchPath('/p/:project/items/:key', path), null, path);
});

test('router: addresses leave out what has no value', () => {
  assert.equal(address('/a', { q: 'x y', at: null, z: '' }), '/a?q=x+y');
  assert.equal(address('/a'), '/a');
});

test('router: no two pages share an address', () => {
  assert.equal(new Set(PAGES.map((page) => page.path)).size, PAGES.length);
});

test('keys: counted as people do', () => {
  assert.deepEqual(['ZN-10', 'CD-1', 'ZN-2'].sort(compareKeys), ['CD-1', 'ZN-2', 'ZN-10']);
});
