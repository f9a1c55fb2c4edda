import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RatedRisk, RiskCategory } from '../../../web/src/api/types';
import { cellName, groupBy, isOpen, place, ratingOf, samples, statusOf, worst } from '../../../web/src/model/risk';

const category = (name: string, more: Partial<RiskCategory> = {}): RiskCategory => ({ category: name, impact: 3, risk: 9, tolerable: 4, sl: 2, residual: 4, ...more });

const risk = (more: Partial<RatedRisk> = {}): RatedRisk => ({
  key: 'RK-1',
  title: '',
  state: 'draft',
  stage: 'detailed',
  place: 'ZN-1',
  assesses: [],
  frs: [],
  proposed_frs: [],
  frs_reason: null,
  unmapped: [],
  likelihood: 3,
  categories: [category('safety')],
  attacker: null,
  sl: 2,
  unknown: null,
  method: 'm@1',
  newer: null,
  countermeasures: [{ key: 'CM-1', title: '', effectiveness: null }],
  decision: 'treat',
  decision_reason: null,
  decided_by: null,
  ...more,
});

test('risk: what is done about it; unknown and undecided stay open', () => {
  assert.equal(statusOf(risk()), 'within');
  assert.equal(statusOf(risk({ sl: null, decision: 'accept' })), 'unknown');
  assert.equal(statusOf(risk({ decision: null })), 'undecided');
  assert.equal(statusOf(risk({ countermeasures: [] })), 'planned');
  assert.equal(statusOf(risk({ categories: [category('safety'), category('legal', { residual: 5 })] })), 'above');
  assert.equal(statusOf(risk({ categories: [category('safety', { residual: null })] })), 'above');
  assert.equal(statusOf(risk({ categories: [category('safety', { tolerable: null })] })), 'above');
  assert.equal(statusOf(risk({ decision: 'accept', categories: [category('safety', { residual: 20 })] })), 'accepted');
  assert.deepEqual([risk(), risk({ decision: null }), risk({ decision: 'avoid' })].map(isOpen), [false, true, false]);
});

test('risk: the worst category is the one furthest above what is tolerable, and an unrated one before all', () => {
  const safety = category('safety', { risk: 12, tolerable: 6 });
  const legal = category('legal', { risk: 9, tolerable: 3 });
  assert.equal(worst([safety, legal])?.category, 'legal');
  assert.equal(worst([safety, category('finance', { risk: null })])?.category, 'finance');
  assert.equal(worst([safety, category('finance', { risk: 4, tolerable: 0 })])?.category, 'finance');
  assert.equal(worst([]), null);
});

test('risk: after countermeasures, what is not stated is as before', () => {
  const attrs = { likelihood: 3, impact: { safety: 5, legal: 2 }, residual_likelihood: 1, residual_impact: { legal: 1 } };
  assert.deepEqual(ratingOf({ attrs }, 'safety', false), { likelihood: 3, impact: 5 });
  assert.deepEqual(ratingOf({ attrs }, 'safety', true), { likelihood: 1, impact: 5 });
  assert.deepEqual(ratingOf({ attrs }, 'legal', true), { likelihood: 1, impact: 1 });
  assert.equal(cellName(ratingOf({ attrs: {} }, 'safety', true)), '?-?');
});

test('risk: in a category only those that rate it are placed; without one, each in its worst', () => {
  const attrs = { likelihood: 2, impact: { safety: 4 } };
  const items = new Map([['RK-1', { attrs }]]);
  assert.deepEqual(place([risk()], items, '', false).map((one) => [one.category, cellName(one.rating)]), [['safety', '2-4']]);
  assert.deepEqual(place([risk()], items, 'legal', false), []);
  assert.deepEqual(place([risk({ key: 'RK-2' })], items, '', false), []);
});

test('risk: groups come in the order given, and none is empty', () => {
  const all = [risk({ key: 'RK-1', sl: 1 }), risk({ key: 'RK-2', sl: 3 }), risk({ key: 'RK-3', sl: 1 })];
  const names = groupBy(all, (one) => String(one.sl), ['3', '2', '1']).map((group) => [group.name, group.risks.length]);
  assert.deepEqual(names, [['3', 1], ['1', 2]]);
});

test('risk: commits that a trend asks for', () => {
  assert.deepEqual(samples(0, 8), []);
  assert.deepEqual(samples(1, 8), [1]);
  assert.deepEqual(samples(3, 8), [1, 2, 3]);
  assert.deepEqual(samples(17, 5), [1, 5, 9, 13, 17]);
});
