// Where the items of a neighbourhood stand: columns by distance from the first one, those of a column near what they are linked to.
import type { Link, Neighbour } from '../api/types';
import { compareKeys } from './metamodel';

export interface Placed {
  x: number;
  y: number;
}

export const NODE = { w: 190, h: 54 };
const GAP = { x: 120, y: 18 };
/** A longer column goes on beside itself. */
const COLUMN_MOST = 12;

function byDistance(items: readonly Neighbour[]): Neighbour[][] {
  const columns: Neighbour[][] = [];
  for (const item of items) (columns[item.distance] ??= []).push(item);
  return columns.filter((column) => column !== undefined);
}

/** The mean height of what an item is linked to in the columns before; in the middle when there is nothing. */
function heightOf(key: string, near: ReadonlyMap<string, string[]>, placed: ReadonlyMap<string, Placed>): number {
  const heights = (near.get(key) ?? []).flatMap((other) => placed.get(other)?.y ?? []);
  return heights.length === 0 ? 0 : heights.reduce((sum, y) => sum + y, 0) / heights.length;
}

function neighboursOf(links: readonly Link[]): Map<string, string[]> {
  const near = new Map<string, string[]>();
  for (const { from, to } of links) {
    near.set(from, [...(near.get(from) ?? []), to]);
    near.set(to, [...(near.get(to) ?? []), from]);
  }
  return near;
}

/** The upper left corner of each item. */
export function placesOf(items: readonly Neighbour[], links: readonly Link[]): Map<string, Placed> {
  const near = neighboursOf(links);
  const placed = new Map<string, Placed>();
  let x = 0;
  for (const column of byDistance(items)) {
    const height = new Map(column.map((item) => [item.key, heightOf(item.key, near, placed)]));
    const sorted = [...column].sort((a, b) => height.get(a.key)! - height.get(b.key)! || a.kind.localeCompare(b.kind) || compareKeys(a.key, b.key));
    for (let first = 0; first < sorted.length; first += COLUMN_MOST) {
      const part = sorted.slice(first, first + COLUMN_MOST);
      part.forEach((item, i) => placed.set(item.key, { x, y: (i - (part.length - 1) / 2) * (NODE.h + GAP.y) }));
      x += NODE.w + GAP.x;
    }
  }
  return placed;
}

/** Where a line from the middle of one box to that of another leaves the first. */
export function borderOf(from: Placed, to: Placed): Placed {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const share = Math.min(dx === 0 ? Infinity : NODE.w / 2 / Math.abs(dx), dy === 0 ? Infinity : NODE.h / 2 / Math.abs(dy));
  return share >= 1 ? from : { x: from.x + dx * share, y: from.y + dy * share };
}

/** A line from box to box, given their middles, and where its name stands. Within a column it goes beside what is between. */
export function lineOf(from: Placed, to: Placed): { path: string; label: Placed } {
  if (from.x !== to.x) {
    const [start, end] = [borderOf(from, to), borderOf(to, from)];
    return { path: `M${start.x} ${start.y}L${end.x} ${end.y}`, label: { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 } };
  }
  const [x, y] = [from.x + NODE.w / 2, (from.y + to.y) / 2];
  const bow = GAP.x / 2 + Math.abs(to.y - from.y) / 8;
  return { path: `M${x} ${from.y}Q${x + bow} ${y} ${x} ${to.y}`, label: { x: x + bow / 2, y } };
}
