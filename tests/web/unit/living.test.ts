// Pure parts of the pages that say what a change reaches, what traces to what, and what lies around an item.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changesetText, type Proposal, proposalsOf } from '../../../web/src/model/changeset';
import { marksOf } from '../../../web/src/model/matrix';
import { borderOf, lineOf, NODE, placesOf } from '../../../web/src/model/neighbours';
import { levelRows, statusRows } from '../../../web/src/model/places';
import { address } from '../../../web/src/router';

test('changeset: native operations, one a line, a finding with what it concerns', () => {
  const proposals: Proposal[] = [
    { what: 'retire', key: 'TS-1' },
    { what: 'version', key: 'AS-2', attr: 'installed_version', version: '2.0' },
    { what: 'finding', key: 'AS-8', title: 'A "weakness"', vulnerability: '' },
    { what: 'unlink', from: 'CL-1', type: 'rests_on', to: 'CM-1', as: '' },
  ];
  const operations = changesetText(proposals).trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(operations[1], { op: 'item', key: 'AS-2', attrs: { installed_version: '2.0' } });
  assert.deepEqual(operations[3], { op: 'link', from: operations[2].key, type: 'concerns', to: 'AS-8' });
  assert.deepEqual([operations[2].title, operations[2].attrs, operations.length], ['A "weakness"', {}, 5]);
  assert.deepEqual(proposalsOf(JSON.stringify(proposals)), proposals);
});

test('changeset: a countermeasure that is not there yet, where it runs and what it adds', () => {
  const proposal: Proposal = { what: 'measure', key: 'CD-2', title: 'Firewall', function: 'SF-2', latency: '2500' };
  const operations = changesetText([proposal]).trimEnd().split('\n').map((line) => JSON.parse(line));
  const attrs = { aspects: ['response_time'], added_latency_ms: '2500' };
  assert.deepEqual(operations.slice(1), [
    { op: 'link', from: operations[0].key, type: 'deployed_on', to: 'CD-2' },
    { op: 'link', from: operations[0].key, type: 'affects', to: 'SF-2', attrs },
  ]);
  assert.equal(changesetText([{ ...proposal, function: '' }]).trimEnd().split('\n').length, 2);
});

test('changeset: what is no proposal is left out, what is no list says nothing', () => {
  assert.deepEqual(proposalsOf('[{"what":"retire","key":"A"},{"what":"retire"},{"what":"delete","key":"A"},null,7]'), [{ what: 'retire', key: 'A' }]);
  for (const text of ['', '{}', '[', 'null']) assert.deepEqual(proposalsOf(text), []);
});

test('matrix: marks of a row by column', () => {
  const row = { key: 'RQ-1', title: '', state: '', direct: [3], derived: [1, 5], suspect: [5] };
  assert.deepEqual([...marksOf(row)].sort(), [[1, { how: 'derived', suspect: false }], [3, { how: 'direct', suspect: false }], [5, { how: 'derived', suspect: true }]]);
});

const item = (key: string, distance: number) => ({ key, distance, kind: 'asset', title: '', state: '' });
const link = (from: string, to: string) => ({ from, type: 'uses', to, as: '', suspect: false });

test('neighbours: columns by distance, near what they are linked to, none on another', () => {
  const items = [item('A', 0), item('B', 1), item('C', 1), item('D', 2), item('E', 2)];
  const places = placesOf(items, [link('A', 'B'), link('C', 'A'), link('C', 'D'), link('B', 'E')]);
  assert.ok(places.get('A')!.x < places.get('B')!.x && places.get('B')!.x === places.get('C')!.x && places.get('C')!.x < places.get('D')!.x);
  assert.equal(places.get('B')!.y < places.get('C')!.y, places.get('E')!.y < places.get('D')!.y);
  const many = [item('A', 0), ...Array.from({ length: 40 }, (_, i) => item(`B-${i}`, 1))];
  const found = [...placesOf(many, []).values()];
  assert.equal(new Set(found.map((one) => `${one.x} ${one.y}`)).size, 41);
  assert.ok(found.every((a, i) => found.every((b, j) => i === j || Math.abs(a.x - b.x) >= NODE.w || Math.abs(a.y - b.y) >= NODE.h)));
});

test('neighbours: a line begins at the border of its box', () => {
  assert.deepEqual(borderOf({ x: 0, y: 0 }, { x: 1000, y: 0 }), { x: NODE.w / 2, y: 0 });
  assert.deepEqual(borderOf({ x: 0, y: 0 }, { x: 0, y: -1000 }), { x: 0, y: -NODE.h / 2 });
  assert.deepEqual(borderOf({ x: 5, y: 5 }, { x: 5, y: 5 }), { x: 5, y: 5 });
  assert.deepEqual(lineOf({ x: 0, y: 0 }, { x: 1000, y: 0 }), { path: `M${NODE.w / 2} 0L${1000 - NODE.w / 2} 0`, label: { x: 500, y: 0 } });
  assert.ok(lineOf({ x: 0, y: 0 }, { x: 0, y: 400 }).label.x > NODE.w / 2);
});

test('places: drops first; unknown after a level is a drop; a stage alone is no status', () => {
  const state = (status: string) => ({ status, stage: 'verified', broken: false });
  const row = (ref: string, before: string | null, after: string | null) => ({ ref, title: '', requirement: null, old: before === null ? null : state(before), new: after === null ? null : state(after) });
  const place = {
    place: 'ZN-1',
    title: 'Pumps',
    change: null,
    levels: [{ vector: 'target', fr: 1, old: 1, new: 2 }, { vector: 'verified', fr: 1, old: 2, new: 0 }, { vector: 'verified', fr: 2, old: 1, new: null }, { vector: 'claimed', fr: 2, old: null, new: 1 }],
    rows: [row('SR 1.1', 'verified', 'open'), row('SR 1.2', 'open', 'open'), row('SR 1.3', null, 'open')],
  };
  assert.deepEqual(levelRows([place]).map((one) => [one.vector, one.fr, one.drops]), [['verified', 1, true], ['verified', 2, true], ['target', 1, false], ['claimed', 2, false]]);
  assert.deepEqual(statusRows([place]).map((one) => [one.ref, one.old, one.new]), [['SR 1.1', 'verified', 'open'], ['SR 1.3', null, 'open']]);
});

test('address: a list stands there as often as it has values', () => {
  assert.equal(address('/x', { kinds: ['a', 'b'], links: [], q: 'c', none: null }), '/x?kinds=a&kinds=b&q=c');
});
