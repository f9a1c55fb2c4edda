import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attrs, LaidConduit, LaidOut, LinkedItem } from '../../../web/src/api/types';
import { drawingOf, isWithin, warningNumbers, warningsOf } from '../../../web/src/model/drawing';
import { holds, layoutOf, pathOf } from '../../../web/src/model/drawing-layout';

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
});

test('drawing: a direction that nobody stated is none', () => {
  const drawing = drawingOf([zone('ZN-1', '1'), zone('ZN-2', '1'), conduit('CD-1', 'ZN-1', 'ZN-2')], []);
  assert.equal(drawing.conduits.get('CD-1')?.direction, 'not_stated');
});

test('drawing: a loop of zones is cut', () => {
  const drawing = drawingOf([zone('ZN-1', '1', 'ZN-2'), zone('ZN-2', '1', 'ZN-3'), zone('ZN-3', '1', 'ZN-1')], []);
  assert.equal([...drawing.zones.values()].filter((one) => one.parent === null).length, 1);
  assert.ok(isWithin(drawing.zones, 'ZN-1', 'ZN-1'));
});

test('drawing: warnings stand at the places of their assets and flows; what was answered has no number there', () => {
  const items = [
    zone('ZN-1', '1'),
    zone('ZN-2', '1'),
    item('AS-1', 'asset', {}, [['part_of', 'ZN-1']]),
    item('AS-2', 'asset', {}, [['part_of', 'ZN-2']]),
    item('FL-1', 'flow', {}, [['connects', 'AS-1', 'source'], ['connects', 'AS-2', 'sink']]),
  ];
  const defect = (rule: string, keys: string[], waiver: string | null = null) => ({ rule, items: keys, message: rule, answer: waiver === null ? null : { waiver, reason: 'as built' } });
  const warnings = warningsOf(drawingOf(items, []), items, [defect('orphan', ['TS-1']), defect('flow_without_conduit', ['FL-1']), defect('not_separated', ['AS-2', 'ZN-2']), defect('far', ['ZN-1'], 'WV-1')]);
  assert.deepEqual(warnings.map((one) => [one.n, one.defect.rule, one.places]), [[1, 'flow_without_conduit', ['ZN-1', 'ZN-2']], [2, 'not_separated', ['ZN-2']], [3, 'far', ['ZN-1']]]);
  assert.deepEqual([...warningNumbers(warnings)], [['ZN-1', [1]], ['ZN-2', [1, 2]]]);
});

const laidConduit = (key: string, from: string | null, to: string | null, rest: Partial<LaidConduit> = {}): LaidConduit => ({
  key,
  title: key,
  direction: 'a_to_b',
  untrusted: false,
  from,
  to,
  points: [[50, 60], [50, 200]],
  branches: [],
  label: { x: 10, y: 100, w: 80, h: 30, text: `${key}\nNTP` },
  ...rest,
});
const laidZone = (key: string, x: number, y: number, parent: string | null = null) => ({ key, title: key, parent, band: 'Level 1', x, y, w: 100, h: 60, lines: [key] });

/** ZN-2 is within ZN-1, ZN-3 beside it. */
const LAID: LaidOut = {
  width: 400,
  height: 300,
  bands: [{ title: 'Level 1', x: 5, y: 10, w: 390, h: 280 }],
  zones: [laidZone('ZN-2', 120, 60, 'ZN-1'), laidZone('ZN-1', 100, 20), laidZone('ZN-3', 250, 20), laidZone('ZN-9', 250, 90)],
  conduits: [laidConduit('CD-1', 'ZN-1', 'ZN-3', { branches: [{ to: 'ZN-2', points: [[1, 2]] }, { to: 'ZN-1', points: [] }] }), laidConduit('CD-2', 'ZN-1', null), laidConduit('CD-3', 'ZN-2', 'ZN-3'), laidConduit('CD-9', 'ZN-1', 'ZN-3')],
};
const plant = (attrs: Attrs = {}) =>
  drawingOf([zone('ZN-1', '1', 'SYS-1', attrs), zone('ZN-2', '1', 'ZN-1'), zone('ZN-3', '1'), conduit('CD-1', 'ZN-1', 'ZN-3'), conduit('CD-2', 'ZN-1', 'ZN-9'), conduit('CD-3', 'ZN-2', 'ZN-3')], []);

test('layout: zones stand where the server put them, the outer ones first; what only one of the two answers knows is left out', () => {
  const layout = layoutOf(plant(), LAID);
  assert.deepEqual([...layout.zones.values()].map(({ key, x, y, dx, dy }) => [key, x, y, dx, dy]), [['ZN-1', 100, 20, 95, 10], ['ZN-2', 120, 60, 20, 40], ['ZN-3', 250, 20, 245, 10]]);
  assert.deepEqual(layout.routes.map((route) => [route.id, route.from, route.to, route.label?.lines]), [['CD-1/1', 'ZN-1', 'ZN-3', ['CD-1', 'NTP']], ['CD-1/2', 'ZN-1', 'ZN-2', undefined], ['CD-3', 'ZN-2', 'ZN-3', ['CD-3', 'NTP']]]);
  assert.deepEqual(layout.routes[0]!.arrows, { from: false, to: true });
  assert.equal(pathOf(layout.routes[0]!.points), 'M50,60 L50,200');
  assert.ok(layout.routes.every((route) => holds(layout, route, layout.zones)));
});

test('layout: what was moved stands there, with what is within; its conduits lose the path of the server; half a place is none', () => {
  const layout = layoutOf(plant({ drawn_x: 300, drawn_y: 200 }), LAID);
  const at = (key: string) => [layout.zones.get(key)!.x, layout.zones.get(key)!.y];
  assert.deepEqual([at('ZN-1'), at('ZN-2'), at('ZN-3')], [[305, 210], [325, 250], [250, 20]]);
  assert.deepEqual([layout.width, layout.height], [425, 310]);
  assert.ok(layout.routes.every((route) => !holds(layout, route, layout.zones)));
  assert.deepEqual(layoutOf(plant({ drawn_x: 300 }), LAID).zones, layoutOf(plant(), LAID).zones);
});
