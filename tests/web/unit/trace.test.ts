import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LinkType, Metamodel } from '../../../web/src/api/types';
import { columnsOf, lit, missingEnds } from '../../../web/src/model/trace';

const item = (key: string) => ({ key, kind: '', rev: 1, title: '', state: '' });
const link = (from: string, type: string, to: string) => ({ from, type, to, as: '', suspect: false });
const trace = {
  items: ['TS-1', 'RK-1', 'ST-1', 'RQ-1', 'RQ-2', 'CL-1', 'XX-1'].map(item),
  links: [link('RK-1', 'assesses', 'TS-1'), link('RK-1', 'justifies', 'ST-1'), link('ST-1', 'derives', 'RQ-1'), link('ST-1', 'derives', 'RQ-2'), link('CL-1', 'answers', 'RQ-1')],
};
const backward = new Set(['assesses', 'answers']);

test('trace: upstream left, downstream right, what is not connected nowhere', () => {
  assert.deepEqual(
    columnsOf(trace, 'ST-1', backward).map((column) => [column.distance, column.keys]),
    [[-2, ['TS-1']], [-1, ['RK-1']], [0, ['ST-1']], [1, ['RQ-1', 'RQ-2']], [2, ['CL-1']]],
  );
});

test('trace: one item lights its chain and no sister', () => {
  assert.deepEqual([...lit(trace, 'CL-1', backward)].sort(), ['CL-1', 'RK-1', 'RQ-1', 'ST-1', 'TS-1']);
});

test('trace: loops end', () => {
  const loop = { items: ['A', 'B'].map(item), links: [link('A', 'derives', 'B'), link('B', 'derives', 'A')] };
  assert.deepEqual(columnsOf(loop, 'A', backward).map((column) => column.keys), [['A'], ['B']]);
});

test('trace: what is missing before and after an item, by the way the chain goes', () => {
  const type = (name: string, way: LinkType['trace'], from: string, to: string): LinkType => ({ name, reverse: '', help: '', trace: way, rules: [{ from: [from], to: [to], as: [''] }] });
  const links = [type('derives', 'forward', 'target', 'requirement'), type('answers', 'backward', 'claim', 'requirement'), type('relates_to', 'none', 'requirement', 'claim')];
  const model = { links } as Metamodel;
  const names = (found: ReturnType<typeof missingEnds>) => [found.before, found.after].map((ends) => ends.map((end) => [end.type.name, end.outward]));
  assert.deepEqual(names(missingEnds({ key: 'RQ-1', kind: 'requirement', links: [] }, model)), [[['derives', false]], [['answers', false]]]);
  assert.deepEqual(names(missingEnds({ key: 'RQ-1', kind: 'requirement', links: [link('ST-1', 'derives', 'RQ-1')] }, model)), [[], [['answers', false]]]);
  assert.deepEqual(names(missingEnds({ key: 'CL-1', kind: 'claim', links: [] }, model)), [[['answers', true]], []]);
  assert.deepEqual(names(missingEnds({ key: 'ST-1', kind: 'target', links: [link('ST-1', 'derives', 'RQ-1')] }, model)), [[], []]);
});
