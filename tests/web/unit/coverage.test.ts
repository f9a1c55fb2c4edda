import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CatalogueRow, GapRow } from '../../../web/src/api/types';
import { chain, count, coverageTree, distinctCauses, nextSteps } from '../../../web/src/model/coverage';

const row = (place: string, ref: string, status: string, stage: string, causes: GapRow['causes'] = []): GapRow => ({ place, ref: `62443-3-3 ${ref}`, title: '', requirement: null, status, broken: false, stage, waiver: null, causes });
const cause = (item: string) => ({ kind: 'no_claim', item, text: `no approved claim covers ${item}` });
const rows = [
  row('ZN-1', 'SR 1.1', 'verified', 'verified'),
  row('ZN-2', 'SR 1.1', 'open', 'not_claimed', [cause('AS-1'), cause('AS-1')]),
  row('ZN-1', 'SR 1.1 RE(1)', 'unknown', 'no_requirement', [cause('AS-1'), cause('AS-2')]),
  row('ZN-1', 'SR 2.1', 'claimed', 'not_verified'),
  row('ZN-1', 'SR 2.2', 'removed', 'not_applicable', [cause('AS-9')]),
];
const catalogueRow = (id: string, fr: number, parent: string | null): CatalogueRow => ({ id, fr, title: id, sl: [], parent, types: [] });
const catalogue = [catalogueRow('SR 1.1', 1, null), catalogueRow('SR 1.1 RE(1)', 1, 'SR 1.1'), catalogueRow('SR 1.2', 1, null), catalogueRow('SR 2.1', 2, null), catalogueRow('SR 2.2', 2, null)];

test('coverage: removed rows do not count, unknown ones are no success', () => {
  assert.deepEqual(count(rows), { demanded: 4, met: 1, claimed: 1, gap: 1, unknown: 1, removed: 1 });
});

test('coverage: the chain counts what lies behind for what lies before', () => {
  assert.deepEqual(chain(rows).map((stage) => [stage.name, stage.reached, stage.of]), [
    ['required', 3, 4],
    ['derived', 3, 4],
    ['claimed', 2, 4],
    ['verified', 1, 4],
  ]);
});

test('coverage: the tree holds every row once and sums it up', () => {
  const tree = coverageTree(rows, catalogue, [1, 2, 3].map((fr) => ({ fr, title: `FR ${fr}` })));
  assert.deepEqual(tree.map((one) => [one.id, one.counts.demanded, one.counts.met]), [['FR 1', 3, 1], ['FR 2', 1, 0]]);
  assert.deepEqual(tree[0]?.children.map((one) => one.id), ['SR 1.1']);
  assert.deepEqual(tree[0]?.children[0]?.children.map((one) => [one.id, one.counts.unknown]), [['SR 1.1 RE(1)', 1]]);
});

test('coverage: a cause counts once a row, and the greatest comes first', () => {
  assert.deepEqual(distinctCauses(rows[1]!).map((one) => one.times), [2]);
  assert.deepEqual(nextSteps(rows, 5).map((step) => [step.item, step.rows, step.places]), [['AS-1', 2, ['ZN-2', 'ZN-1']], ['AS-2', 1, ['ZN-1']]]);
  assert.equal(nextSteps(rows, 1).length, 1);
});
