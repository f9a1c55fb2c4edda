import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attrs, LinkedItem } from '../../../web/src/api/types';
import { drawingOf, edgesOf, isWithin, warningNumbers, warningsOf } from '../../../web/src/model/drawing';
import { type Box, layoutOf } from '../../../web/src/model/drawing-layout';
import { pointAt, routesOf } from '../../../web/src/model/drawing-routes';

type End = [type: string, to: string, as?: string];

const item = (key: string, kind: string, attrs: Attrs = {}, links: End[] = [], state = 'draft'): LinkedItem => ({
  key,
  kind,
  rev: 1,
  state,
  title: key,
  attrs,
  links: links.map(([type, to, as = '']) => ({ from: key, type, to, as, suspect: false })),
});
const zone = (key: string, purdue: string, into = 'SYS-1', attrs: Attrs = {}): LinkedItem => item(key, 'zone', { purdue, ...attrs }, [['part_of', into]]);
const conduit = (key: string, a: string, b: string, attrs: Attrs = {}): LinkedItem => item(key, 'conduit', attrs, [['connects', a, 'a'], ['connects', b, 'b']]);

const meets = (one: Box, other: Box): boolean => one.x < other.x + other.w && other.x < one.x + one.w && one.y < other.y + other.h && other.y < one.y + one.h;

test('drawing: what is part of what, and what is retired is not drawn', () => {
  const drawing = drawingOf(
    [
      item('SYS-1', 'system'),
      zone('ZN-1', '2'),
      zone('ZN-2', '1', 'ZN-1'),
      item('ZN-3', 'zone', {}, [], 'retired'),
      item('AS-1', 'asset', {}, [['part_of', 'ZN-2']]),
      item('AS-2', 'asset'),
      item('AS-3', 'asset', {}, [['part_of', 'ZN-3']]),
      conduit('CD-1', 'ZN-1', 'ZN-3', { direction: 'a_to_b', protocols: ['NTP'] }),
    ],
    [{ place: 'ZN-2', target: [1, 1, 1, 1, 1, 1, 1] }],
  );
  assert.deepEqual([...drawing.zones.keys()], ['ZN-1', 'ZN-2']);
  assert.deepEqual(drawing.zones.get('ZN-1')?.children, ['ZN-2']);
  assert.equal(drawing.zones.get('ZN-1')?.system, 'SYS-1');
  assert.equal(drawing.zones.get('ZN-1')?.target, null);
  assert.deepEqual(drawing.zones.get('ZN-2')?.assets.map((asset) => asset.key), ['AS-1']);
  assert.deepEqual(drawing.loose.map((asset) => asset.key), ['AS-2', 'AS-3']);
  assert.deepEqual([drawing.conduits.get('CD-1')?.a, drawing.conduits.get('CD-1')?.b, drawing.conduits.get('CD-1')?.direction], [['ZN-1'], [], 'a_to_b']);
  assert.deepEqual(edgesOf(drawing), [], 'a conduit without a second end is in the table only');
});

test('drawing: a loop of zones is cut, and every zone is drawn once', () => {
  const drawing = drawingOf([zone('ZN-1', '1', 'ZN-2'), zone('ZN-2', '1', 'ZN-3'), zone('ZN-3', '1', 'ZN-1')], []);
  const layout = layoutOf(drawing);
  assert.deepEqual([...layout.zones.keys()].sort(), ['ZN-1', 'ZN-2', 'ZN-3']);
  assert.equal([...drawing.zones.values()].filter((one) => one.parent === null).length, 1);
  assert.ok(isWithin(drawing.zones, 'ZN-1', 'ZN-1'));
});

test('drawing: a conduit of several zones has a line for each pair', () => {
  const many = item('CD-1', 'conduit', {}, [['connects', 'ZN-1', 'a'], ['connects', 'ZN-2', 'b'], ['connects', 'ZN-3', 'b'], ['connects', 'ZN-1', 'b']]);
  const drawing = drawingOf([zone('ZN-1', '1'), zone('ZN-2', '1'), zone('ZN-3', '1'), many], []);
  assert.deepEqual(edgesOf(drawing).map((edge) => [edge.id, edge.from, edge.to]), [['CD-1/1', 'ZN-1', 'ZN-2'], ['CD-1/2', 'ZN-1', 'ZN-3']]);
});

test('drawing: warnings stand at the places of their assets and flows; what was answered has no number there', () => {
  const items = [
    zone('ZN-1', '1'),
    zone('ZN-2', '1'),
    item('AS-1', 'asset', {}, [['part_of', 'ZN-1']]),
    item('AS-2', 'asset', {}, [['part_of', 'ZN-2']]),
    item('FL-1', 'flow', {}, [['connects', 'AS-1', 'source'], ['connects', 'AS-2', 'sink']]),
  ];
  const defect = (rule: string, keys: string[], answer: string | null = null) => ({ rule, items: keys, message: rule, answer });
  const warnings = warningsOf(drawingOf(items, []), items, [defect('orphan', ['TS-1']), defect('flow_without_conduit', ['FL-1']), defect('not_separated', ['AS-2', 'ZN-2']), defect('far', ['ZN-1'], 'WV-1')]);
  assert.deepEqual(warnings.map((one) => [one.n, one.defect.rule, one.places]), [[1, 'flow_without_conduit', ['ZN-1', 'ZN-2']], [2, 'not_separated', ['ZN-2']], [3, 'far', ['ZN-1']]]);
  assert.deepEqual([...warningNumbers(warnings)], [['ZN-1', [1]], ['ZN-2', [1, 2]]]);
});

/** Zones on all levels, some within others, always the same. */
function plant(zones: number, conduits: number): LinkedItem[] {
  const levels = ['0', '1', '1', '2', '2', '3', '3.5', '4', ''];
  let seed = 11;
  const next = (n: number): number => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
  const all = Array.from({ length: zones }, (_, i) => zone(`ZN-${i + 1}`, levels[next(levels.length)]!, i >= zones * 0.75 ? `ZN-${1 + next(Math.ceil(zones / 4))}` : 'SYS-1'));
  const lines = Array.from({ length: conduits }, (_, i) => conduit(`CD-${i + 1}`, `ZN-${1 + next(zones)}`, `ZN-${1 + next(zones)}`));
  return [...all, ...lines];
}

test('layout: the highest level is on top, no two zones overlap, and those within lie inside', () => {
  for (const [zones, conduits] of [[1, 0], [10, 20], [35, 90], [60, 300]] as const) {
    const drawing = drawingOf(plant(zones, conduits), []);
    const layout = layoutOf(drawing);
    const boxes = [...layout.zones.values()];
    assert.equal(boxes.length, zones);
    const levels = layout.bands.map((band) => band.level).filter((level) => level !== '');
    assert.deepEqual(levels, [...levels].sort((one, other) => Number(other) - Number(one)));
    for (const [i, one] of boxes.entries()) {
      const { parent, purdue } = drawing.zones.get(one.key)!;
      const outer = parent === null ? layout.bands.find((band) => band.level === purdue)! : layout.zones.get(parent)!;
      assert.ok(one.x >= outer.x && one.y >= outer.y && one.x + one.w <= outer.x + outer.w && one.y + one.h <= outer.y + outer.h, `${one.key} sticks out`);
      for (const other of boxes.slice(i + 1))
        if (!isWithin(drawing.zones, one.key, other.key) && !isWithin(drawing.zones, other.key, one.key)) assert.ok(!meets(one, other), `${one.key} overlaps ${other.key}`);
    }
  }
});

test('layout: what was moved stays, the others make room; half a place is none', () => {
  const moved = { drawn_x: 0, drawn_y: 44 };
  const layout = layoutOf(drawingOf([zone('ZN-1', '1'), zone('ZN-2', '1', 'SYS-1', moved), zone('ZN-3', '1', 'SYS-1', { drawn_x: 900 })], []));
  const at = (key: string) => layout.zones.get(key)!;
  assert.deepEqual([at('ZN-2').dx, at('ZN-2').dy, at('ZN-2').moved], [0, 44, true]);
  assert.ok(!meets(at('ZN-1'), at('ZN-2')) && !meets(at('ZN-3'), at('ZN-2')));
  assert.equal(at('ZN-3').moved, false);
});

test('routes: they begin and end at the sides of their zones; no label covers a zone or another label', () => {
  const drawing = drawingOf(plant(40, 120), []);
  const layout = layoutOf(drawing);
  const leaves = new Set([...drawing.zones.values()].filter((one) => one.children.length === 0).map((one) => one.key));
  const routes = routesOf(edgesOf(drawing), layout.zones, leaves, (edge) => edge.conduit);
  assert.ok(routes.length > 80, `${routes.length} routes`);
  for (const route of routes) {
    for (const [end, key] of [[pointAt(route.points, 0), route.edge.from], [pointAt(route.points, 1), route.edge.to]] as const) {
      const box = layout.zones.get(key)!;
      const onEdge = Math.abs(end.x - box.x) < 1 || Math.abs(end.x - box.x - box.w) < 1 || Math.abs(end.y - box.y) < 1 || Math.abs(end.y - box.y - box.h) < 1;
      assert.ok(onEdge && end.x >= box.x - 1 && end.x <= box.x + box.w + 1 && end.y >= box.y - 1 && end.y <= box.y + box.h + 1, `${route.edge.id} does not meet ${key}`);
    }
  }
  const labels = routes.flatMap((route) => (route.label === null ? [] : [route.label]));
  assert.ok(labels.length > routes.length / 2, `${labels.length} of ${routes.length} have room`);
  for (const [i, label] of labels.entries()) {
    assert.ok(!labels.slice(i + 1).some((other) => meets(label, other)), `label ${i} overlaps another`);
    assert.ok(![...leaves].some((key) => meets(label, layout.zones.get(key)!)), `label ${i} covers a zone`);
  }
});
