import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EvidenceRow, TestStanding } from '../../../web/src/api/types';
import { byMonth } from '../../../web/src/model/evidence';
import { caseFits, stepFile, stepKey, versionsOf } from '../../../web/src/model/tests';

const proof = (key: string, ends: string | null): EvidenceRow => ({ key, title: key, state: 'current', nature: null, date: null, valid_until: null, ends, version: null, revision: null, hash: null, proves: [] });

const standing = (status: string | null, results: number, flaky: boolean): TestStanding => ({
  key: 'TC-1', title: '', kind: null, stage: null, purpose: null, automated: false, status, at: null, run: null, results, flaky, history: [], verifies: [], plans: [],
});

test('evidence: by the month it ends, what has no end last', () => {
  const months = byMonth([proof('EV-1', null), proof('EV-2', '2027-02-01'), proof('EV-3', '2026-12-31'), proof('EV-4', '2027-02-28')]);
  assert.deepEqual(months.map(({ month, rows }) => [month, rows.map((row) => row.key)]), [['2026-12', ['EV-3']], ['2027-02', ['EV-2', 'EV-4']], ['', ['EV-1']]]);
  assert.deepEqual(byMonth([]), []);
});

test('tests: the lists that ask for somebody', () => {
  const failed = standing('failed', 3, true), skipped = standing(null, 1, false), never = standing(null, 0, false);
  assert.deepEqual([failed, skipped, never].map((row) => caseFits(row, 'failed')), [true, false, false]);
  assert.deepEqual([failed, skipped, never].map((row) => caseFits(row, 'flaky')), [true, false, false]);
  assert.deepEqual([failed, skipped, never].map((row) => caseFits(row, 'never-run')), [false, false, true]);
  assert.deepEqual([failed, skipped, never].map((row) => caseFits(row, '')), [true, true, true]);
});

test('a step: what keys mean, the names of its files; versions by key', () => {
  assert.deepEqual(['p', 'f', 'b', 'n', 'j', 'k', 'x', 'toString'].map(stepKey), ['passed', 'failed', 'blocked', 'not_run', 1, -1, null, null]);
  assert.equal(stepFile('TC-7', 2, 'plug.png'), 'TC-7-2 plug.png');
  assert.deepEqual(versionsOf(' CP-1=2.1.0, AS-3=a=b  nothing'), { 'CP-1': '2.1.0', 'AS-3': 'a=b' });
});
