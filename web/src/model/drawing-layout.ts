// Where the zones stand: Purdue levels as bands, the highest on top; within a band zones that are connected come near each
// other; what somebody has moved stays where it was put, and the others make room. Pixels.
import type { AttrValue } from '../api/types';
import { type Drawing, edgesOf, type Zone } from './drawing';
import { compareKeys } from './metamodel';

export interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** `x` and `y` are from the upper left corner of the drawing; `dx` and `dy` from that of the parent, or of the band. */
export interface Placed extends Box {
  key: string;
  dx: number;
  dy: number;
  moved: boolean;
}

export interface Band extends Box {
  /** `3.5`, or empty for zones without a level. */
  level: string;
}

export interface Layout {
  zones: Map<string, Placed>;
  bands: Band[];
  width: number;
  height: number;
}

export const ZONE_WIDTH = 224;
export const ZONE_HEIGHT = 92;
export const BAND_LABEL = 96;
/** Room for the title of a zone that holds others. */
const HEAD = 96;
const GAP_X = 56;
const GAP_Y = 48;
const PAD = 20;
const BAND_PAD = 44;
/** So many zones stand abreast at least; more where there are many, so that the drawing is a little wider than high. */
const ABREAST_LEAST = 4;
const WIDER = 1.3;
const SWEEPS = 4;
const STEP = 8;
const LEVELS = ['5', '4', '3.5', '3', '2', '1', '0', ''];

const whole = (value: AttrValue | undefined): number | null => (typeof value === 'number' ? value : null);

function movedTo(zone: Zone): { x: number; y: number } | null {
  const x = whole(zone.item.attrs['drawn_x']);
  const y = whole(zone.item.attrs['drawn_y']);
  return x === null || y === null ? null : { x, y };
}

const overlap = (one: Box, other: Box): boolean => one.x < other.x + other.w + GAP_X / 2 && other.x < one.x + one.w + GAP_X / 2 && one.y < other.y + other.h + GAP_Y / 2 && other.y < one.y + one.h + GAP_Y / 2;

/** Puts boxes into lines no wider than `width`; those that were moved first, the others where room is left. */
function arrange(zones: readonly Zone[], size: (key: string) => { w: number; h: number }, width: number, top: number): Map<string, Box & { moved: boolean }> {
  const found = new Map<string, Box & { moved: boolean }>();
  for (const zone of zones) {
    const at = movedTo(zone);
    if (at !== null) found.set(zone.key, { ...at, ...size(zone.key), moved: true });
  }
  let x = 0;
  let y = top;
  let line = 0;
  for (const zone of zones) {
    if (found.has(zone.key)) continue;
    const { w, h } = size(zone.key);
    for (let tries = 0; ; tries++) {
      if (x > 0 && x + w > width) {
        x = 0;
        y += line + GAP_Y;
        line = 0;
      }
      const box = { x, y, w, h };
      const hit = [...found.values()].find((other) => overlap(box, other));
      if (hit === undefined || tries > zones.length * 2) break;
      x = hit.x + hit.w + GAP_X;
    }
    found.set(zone.key, { x, y, w, h, moved: false });
    x += w + GAP_X;
    line = Math.max(line, h);
  }
  return found;
}

const rootOf = (drawing: Drawing, key: string): string => {
  let at = key;
  for (let parent = drawing.zones.get(at)?.parent ?? null; parent !== null; parent = drawing.zones.get(at)?.parent ?? null) at = parent;
  return at;
};

/** Which outermost zones are connected with which. */
function neighbours(drawing: Drawing): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const add = (from: string, to: string): void => void found.set(from, [...(found.get(from) ?? []), to]);
  for (const edge of edgesOf(drawing)) {
    const [from, to] = [rootOf(drawing, edge.from), rootOf(drawing, edge.to)];
    if (from === to) continue;
    add(from, to);
    add(to, from);
  }
  return found;
}

/** Each band in the order of the mean place of what its zones are connected with (barycentre method). */
function order(bands: Zone[][], drawing: Drawing): Zone[][] {
  const near = neighbours(drawing);
  const at = new Map<string, number>();
  const note = (band: readonly Zone[]): void => band.forEach((zone, i) => at.set(zone.key, (i + 0.5) / band.length));
  const mean = (zone: Zone): number => {
    const all = (near.get(zone.key) ?? []).map((key) => at.get(key) ?? 0.5);
    return all.length === 0 ? (at.get(zone.key) ?? 0.5) : all.reduce((sum, one) => sum + one, 0) / all.length;
  };

  bands.forEach(note);
  for (let sweep = 0; sweep < SWEEPS; sweep++)
    for (const band of sweep % 2 === 0 ? bands : [...bands].reverse()) {
      const means = new Map(band.map((zone) => [zone.key, mean(zone)]));
      band.sort((one, other) => means.get(one.key)! - means.get(other.key)! || compareKeys(one.key, other.key));
      note(band);
    }
  return bands;
}

/** Sizes of zones and the places of those within others, from the inside out. */
function nest(drawing: Drawing): { size: Map<string, { w: number; h: number }>; inner: Map<string, Box & { moved: boolean }> } {
  const size = new Map<string, { w: number; h: number }>();
  const inner = new Map<string, Box & { moved: boolean }>();
  const measure = (zone: Zone): { w: number; h: number } => {
    const children = zone.children.map((key) => drawing.zones.get(key)!);
    let w = ZONE_WIDTH;
    let h = ZONE_HEIGHT;
    for (const child of children) size.set(child.key, measure(child));
    const widest = Math.max(...children.map((child) => size.get(child.key)!.w), 0);
    const abreast = Math.ceil(Math.sqrt(children.length));
    for (const [key, box] of arrange(children, (child) => size.get(child)!, abreast * (widest + GAP_X), HEAD)) {
      const placed = box.moved ? { ...box, x: Math.max(PAD, box.x), y: Math.max(HEAD, box.y) } : { ...box, x: box.x + PAD };
      inner.set(key, placed);
      w = Math.max(w, placed.x + placed.w + PAD);
      h = Math.max(h, placed.y + placed.h + PAD);
    }
    return { w, h };
  };
  for (const zone of drawing.zones.values()) if (zone.parent === null) size.set(zone.key, measure(zone));
  return { size, inner };
}

/** A band that nobody arranged by hand stands in the middle. */
function centre(boxes: Map<string, Box & { moved: boolean }>, width: number): void {
  if ([...boxes.values()].some((box) => box.moved)) return;
  const lines = new Map<number, (Box & { moved: boolean })[]>();
  for (const box of boxes.values()) lines.set(box.y, [...(lines.get(box.y) ?? []), box]);
  for (const line of lines.values()) {
    const right = Math.max(...line.map((box) => box.x + box.w));
    const shift = Math.floor((width - right) / 2 / STEP) * STEP;
    for (const box of line) box.x += Math.max(0, shift);
  }
}

export function layoutOf(drawing: Drawing): Layout {
  const roots = [...drawing.zones.values()].filter((zone) => zone.parent === null);
  const { size, inner } = nest(drawing);
  const levelOf = (zone: Zone): string => (LEVELS.includes(zone.purdue) ? zone.purdue : '');
  const levels = LEVELS.filter((level) => roots.some((zone) => levelOf(zone) === level));
  const ordered = order(levels.map((level) => roots.filter((zone) => levelOf(zone) === level)), drawing);
  const abreast = Math.max(ABREAST_LEAST, Math.ceil(Math.sqrt(WIDER * roots.length)));
  const arranged = ordered.map((zones) => arrange(zones, (key) => size.get(key)!, abreast * (ZONE_WIDTH + GAP_X), BAND_PAD));
  const width = Math.max(ZONE_WIDTH, ...arranged.flatMap((boxes) => [...boxes.values()].map((box) => box.x + box.w)));
  const zones = new Map<string, Placed>();
  const bands: Band[] = [];
  let top = 0;

  const put = (key: string, box: Box & { moved: boolean }, x: number, y: number): void => {
    zones.set(key, { key, w: box.w, h: box.h, dx: box.x, dy: box.y, x: x + box.x, y: y + box.y, moved: box.moved });
    for (const child of drawing.zones.get(key)!.children) put(child, inner.get(child)!, x + box.x, y + box.y);
  };
  arranged.forEach((boxes, i) => {
    centre(boxes, width);
    const bottom = Math.max(...[...boxes.values()].map((box) => box.y + box.h)) + BAND_PAD;
    for (const [key, box] of boxes) put(key, box, BAND_LABEL, top);
    bands.push({ level: levels[i]!, x: 0, y: top, w: width + BAND_LABEL + PAD, h: bottom });
    top += bottom;
  });
  return { zones, bands, width: width + BAND_LABEL + PAD, height: top };
}
