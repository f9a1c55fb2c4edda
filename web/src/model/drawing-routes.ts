// How conduits run: from side to side of their zones, the ends spread along a side, and a label where it covers no zone and
// no other label; where there is no such place, there is no label until the conduit is chosen.
import type { Edge } from './drawing';
import type { Box } from './drawing-layout';

type Side = 'top' | 'bottom' | 'left' | 'right';

export interface Point {
  x: number;
  y: number;
}

export interface Route {
  edge: Edge;
  /** Start, two control points, end: a cubic curve. */
  points: [Point, Point, Point, Point];
  /** The box of the label, or null where none has room. */
  label: Box | null;
}

const LABEL_HEIGHT = 20;
const LETTER = 6.6;
const BEND_LEAST = 28;
const BEND_MOST = 160;
const TIMES = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74];
const SAG = 40;

const middle = (box: Box): Point => ({ x: box.x + box.w / 2, y: box.y + box.h / 2 });
const holds = (outer: Box, box: Box): boolean => outer.x <= box.x && outer.y <= box.y && outer.x + outer.w >= box.x + box.w && outer.y + outer.h >= box.y + box.h;
const meets = (one: Box, other: Box): boolean => one.x < other.x + other.w && other.x < one.x + one.w && one.y < other.y + other.h && other.y < one.y + one.h;

/** The sides by which two zones are joined. */
function sidesOf(from: Box, to: Box, between: boolean): [Side, Side] {
  if (holds(from, to)) return ['right', 'right'];
  if (holds(to, from)) return ['right', 'right'];
  if (to.y >= from.y + from.h) return ['bottom', 'top'];
  if (from.y >= to.y + to.h) return ['top', 'bottom'];
  if (between) return ['bottom', 'bottom'];
  return middle(from).x <= middle(to).x ? ['right', 'left'] : ['left', 'right'];
}

function isBetween(from: Box, to: Box, boxes: readonly Box[]): boolean {
  const left = Math.min(from.x + from.w, to.x + to.w);
  const right = Math.max(from.x, to.x);
  const y = Math.max(from.y, to.y);
  const lane = { x: left, y, w: right - left, h: Math.max(1, Math.min(from.y + from.h, to.y + to.h) - y) };
  return right > left && boxes.some((box) => box !== from && box !== to && !holds(box, from) && !holds(box, to) && meets(box, lane));
}

const OUT: Record<Side, Point> = { top: { x: 0, y: -1 }, bottom: { x: 0, y: 1 }, left: { x: -1, y: 0 }, right: { x: 1, y: 0 } };

function onSide(box: Box, side: Side, share: number): Point {
  if (side === 'top' || side === 'bottom') return { x: box.x + box.w * share, y: side === 'top' ? box.y : box.y + box.h };
  return { x: side === 'left' ? box.x : box.x + box.w, y: box.y + box.h * share };
}

export function pointAt([a, b, c, d]: Route['points'], t: number): Point {
  const u = 1 - t;
  const mix = (p: number, q: number, r: number, s: number): number => u * u * u * p + 3 * u * u * t * q + 3 * u * t * t * r + t * t * t * s;
  return { x: mix(a.x, b.x, c.x, d.x), y: mix(a.y, b.y, c.y, d.y) };
}

export function pathOf([a, b, c, d]: Route['points']): string {
  const at = (point: Point): string => `${Math.round(point.x)},${Math.round(point.y)}`;
  return `M${at(a)} C${at(b)} ${at(c)} ${at(d)}`;
}

function curve(start: Point, end: Point, sides: [Side, Side]): Route['points'] {
  // as deep as there is room between the two, so that nothing loops; on one side as deep as it is long
  const across = sides[0] === 'top' || sides[0] === 'bottom' ? Math.abs(end.y - start.y) : Math.abs(end.x - start.x);
  const wanted = sides[0] === sides[1] ? Math.hypot(end.x - start.x, end.y - start.y) / 4 + SAG : across * 0.6;
  const bend = Math.max(BEND_LEAST, Math.min(BEND_MOST, wanted));
  const from = OUT[sides[0]];
  const to = OUT[sides[1]];
  return [start, { x: start.x + from.x * bend, y: start.y + from.y * bend }, { x: end.x + to.x * bend, y: end.y + to.y * bend }, end];
}

interface End {
  edge: number;
  which: 0 | 1;
  /** Where the other end is, along this side. */
  towards: number;
}

/** The share of its side at which each end of each edge stands: in the order of where they lead, so that few cross. */
function spread(edges: readonly Edge[], sides: readonly [Side, Side][], boxes: ReadonlyMap<string, Box>): [number, number][] {
  const shares = edges.map((): [number, number] => [0.5, 0.5]);
  const bySide = new Map<string, End[]>();
  edges.forEach((edge, i) => {
    for (const which of [0, 1] as const) {
      const side = sides[i]![which];
      const name = `${which === 0 ? edge.from : edge.to} ${side}`;
      const other = middle(boxes.get(which === 0 ? edge.to : edge.from)!);
      bySide.set(name, [...(bySide.get(name) ?? []), { edge: i, which, towards: side === 'top' || side === 'bottom' ? other.x : other.y }]);
    }
  });
  for (const ends of bySide.values()) {
    ends.sort((one, other) => one.towards - other.towards || one.edge - other.edge);
    ends.forEach((end, i) => {
      shares[end.edge]![end.which] = (i + 1) / (ends.length + 1);
    });
  }
  return shares;
}

function labelFor(points: Route['points'], text: string, taken: readonly Box[]): Box | null {
  const w = text.length * LETTER + 12;
  for (const t of TIMES) {
    const at = pointAt(points, t);
    const box = { x: at.x - w / 2, y: at.y - LABEL_HEIGHT / 2, w, h: LABEL_HEIGHT };
    if (!taken.some((other) => meets(box, other))) return box;
  }
  return null;
}

/** `boxes` are those of all zones; `leaves` names the ones that a label must not cover. */
export function routesOf(edges: readonly Edge[], boxes: ReadonlyMap<string, Box>, leaves: ReadonlySet<string>, text: (edge: Edge) => string): Route[] {
  const known = edges.filter((edge) => boxes.has(edge.from) && boxes.has(edge.to));
  const all = [...boxes.values()];
  const sides = known.map((edge) => {
    const from = boxes.get(edge.from)!;
    const to = boxes.get(edge.to)!;
    return sidesOf(from, to, isBetween(from, to, all));
  });
  const shares = spread(known, sides, boxes);
  const taken = [...boxes].filter(([key]) => leaves.has(key)).map(([, box]) => box);
  return known.map((edge, i) => {
    const start = onSide(boxes.get(edge.from)!, sides[i]![0], shares[i]![0]);
    const end = onSide(boxes.get(edge.to)!, sides[i]![1], shares[i]![1]);
    const points = curve(start, end, sides[i]!);
    const label = labelFor(points, text(edge), taken);
    if (label !== null) taken.push(label);
    return { edge, points, label };
  });
}
