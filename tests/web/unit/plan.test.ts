import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlanNeed, PlanStep } from '../../../web/src/api/types-plan';
import { entryOf, needGroups, stepName, stepsOf } from '../../../web/src/model/plan';

const step = (action: string, item: string, ref: string | null, functions: string[]): PlanStep => ({
  action, item, ref, text: '', cost: 1, cost_class: 'small', closes: [], gains: [], touches: [], safety_functions: functions, alternatives: [], ops: [],
});
const need = (place: string, kind: string, ref: string, member: string | null): PlanNeed => ({ place, need: kind, ref, member, item: null });

test('plan: steps are chosen by action and by what they touch', () => {
  const steps = [step('patch', 'CP-1', null, []), step('configure', 'AS-1', 'SR 1.1', ['SF-1']), step('patch', 'CP-2', null, ['SF-2'])];
  assert.deepEqual(stepsOf(steps, '', false), steps);
  assert.deepEqual(stepsOf(steps, 'patch', false).map(stepName), ['patch CP-1', 'patch CP-2']);
  assert.deepEqual(stepsOf(steps, '', true).map(stepName), ['configure AS-1 SR 1.1', 'patch CP-2']);
  assert.deepEqual(stepsOf(steps, 'require', true), []);
});

test('plan: needs of a place and kind stand together, each row and member once', () => {
  const groups = needGroups([need('ZN-1', 'no_claim', 'SR 1.1', 'AS-1'), need('ZN-2', 'no_claim', 'SR 1.1', null), need('ZN-1', 'no_claim', 'SR 1.1', 'AS-2'), need('ZN-1', 'broken', 'SR 1.2', 'AS-1'), need('ZN-1', 'no_claim', 'SR 1.3', 'AS-1')]);
  assert.deepEqual(groups, [
    { place: 'ZN-1', need: 'no_claim', refs: ['SR 1.1', 'SR 1.3'], members: ['AS-1', 'AS-2'] },
    { place: 'ZN-2', need: 'no_claim', refs: ['SR 1.1'], members: [] },
    { place: 'ZN-1', need: 'broken', refs: ['SR 1.2'], members: ['AS-1'] },
  ]);
});

test('plan: an entry says how it moves, and never calls what is unknown reached', () => {
  assert.deepEqual(entryOf(2, 0, 2), { text: '0 → 2 / 2', reached: 'reached' });
  assert.deepEqual(entryOf(3, 1, 1), { text: '1 / 3', reached: 'short' });
  assert.deepEqual(entryOf(1, null, null), { text: '? / 1', reached: 'unknown' });
  assert.deepEqual(entryOf(null, 1, 2), { text: '1 → 2 / ?', reached: 'unknown' });
  assert.deepEqual(entryOf(0, 0, 0), { text: '0 / 0', reached: 'none' });
});
