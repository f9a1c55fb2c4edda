// Which records of a programme fit, and the matrix of rows and products.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProgrammeRecord } from '../../../web/src/api/types-programmes';
import { recordFits, subjectRows, subjectsOf } from '../../../web/src/model/programmes';

const record = (ref: string, requirement: string | null, subjects: string[], state = 'met'): ProgrammeRecord => ({
  ref,
  title: ref,
  group: ref.slice(0, 2),
  requirement,
  organisation: null,
  subjects,
  state,
  target: null,
  claim: null,
  claimed: null,
  supported: null,
  verified: null,
  assessor: null,
  assessed: null,
  valid_until: null,
  procedures: [],
  records: [],
  gaps: [],
  mapped: [],
});

const RECORDS = [record('SM-1', 'RQ-1', ['CP-10']), record('SM-1', 'RQ-2', ['CP-2'], 'gaps'), record('SM-2', 'RQ-3', []), record('DM-1', null, [], 'no_requirement')];

test('records fit by state and group', () => {
  assert.deepEqual(
    RECORDS.filter((one) => recordFits(one, { state: '', group: 'SM' })).map((one) => one.requirement),
    ['RQ-1', 'RQ-2', 'RQ-3'],
  );
  assert.deepEqual(RECORDS.filter((one) => recordFits(one, { state: 'gaps', group: 'DM' })), []);
});

test('a row for every practice, a column for every product; what is for none is for all', () => {
  assert.deepEqual(subjectsOf(RECORDS), ['CP-2', 'CP-10']);
  const cells = subjectRows(RECORDS).map((row) => [row.ref, ...['CP-2', 'CP-10'].map((subject) => row.bySubject.get(subject)?.requirement ?? null)]);
  assert.deepEqual(cells, [
    ['SM-1', 'RQ-2', 'RQ-1'],
    ['SM-2', 'RQ-3', 'RQ-3'],
    ['DM-1', null, null],
  ]);
});
