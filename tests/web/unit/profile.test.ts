import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CatalogueRow, GapRow } from '../../../web/src/api/types';
import { corners, profileOf } from '../../../web/src/model/profile';

const row = (id: string, fr: number, first: number): CatalogueRow => ({ id, fr, title: '', sl: [1, 2, 3, 4].map((level) => level >= first), parent: null, types: [] });
const gap = (ref: string, status: string, broken = false): [string, GapRow] => [ref, { place: 'ZN-1', ref, title: '', requirement: null, status, broken, stage: '', waiver: null, causes: [] }];

test('profile: rows by the level that first demands them; claimed, unknown and broken are not met, removed ones do not count', () => {
  const catalogue = [row('A', 1, 1), row('B', 1, 1), row('C', 1, 1), row('D', 1, 2), row('E', 1, 3), row('F', 2, 1)];
  const gaps = new Map([gap('A', 'verified'), gap('B', 'claimed'), gap('C', 'removed'), gap('D', 'verified', true)]);
  assert.deepEqual(profileOf(1, catalogue, gaps, 2), [
    { of: 2, met: 1, demanded: true },
    { of: 1, met: 0, demanded: true },
    { of: 1, met: 0, demanded: false },
    { of: 0, met: 0, demanded: false },
  ]);
  assert.ok(profileOf(1, catalogue, gaps, null).every((cell) => !cell.demanded));
});

test('profile: corners begin on top; unknown lies in the middle', () => {
  const [top, , bottom, unknown] = corners([4, 0, 2, null], 100);
  assert.deepEqual([top!.x.toFixed(3), top!.y.toFixed(3)], ['0.000', '-100.000']);
  assert.equal(bottom!.y.toFixed(3), '50.000');
  assert.equal(Math.hypot(unknown!.x, unknown!.y), 0);
});
