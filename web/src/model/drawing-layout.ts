// Where the zones stand and how conduits run: as the server laid the drawing out, except for zones that somebody has moved.
// Those within a moved zone go along; a conduit keeps the path of the server while both its ends are where the server put them.
import type { AttrValue, LaidBox, LaidConduit, LaidOut, LaidZone } from '../api/types';
import type { Drawing, Zone } from './drawing';

export interface Point {
  x: number;
  y: number;
}

/** `x` and `y` are from the upper left corner of the drawing; `dx` and `dy` from that of the parent, or of the band. */
export interface Placed extends LaidBox {
  key: string;
  /** The zone it stands in, or null. */
  parent: string | null;
  dx: number;
  dy: number;
  lines: string[];
}

export interface Route {
  id: string;
  conduit: string;
  from: string;
  to: string;
  points: Point[];
  /** Which ends have an arrow. */
  arrows: { from: boolean; to: boolean };
  untrusted: boolean;
  /** On the first line of a conduit only. */
  label: (LaidBox & { lines: string[] }) | null;
}

export interface Layout {
  /** Outer zones before those within. */
  zones: Map<string, Placed>;
  bands: LaidOut['bands'];
  routes: Route[];
  /** Where the server put each zone. */
  laid: ReadonlyMap<string, Point>;
  width: number;
  height: number;
}

const whole = (value: AttrValue | undefined): number | null => (typeof value === 'number' ? value : null);

function movedTo(zone: Zone): Point | null {
  const x = whole(zone.item.attrs['drawn_x']);
  const y = whole(zone.item.attrs['drawn_y']);
  return x === null || y === null ? null : { x, y };
}

function routesOf(conduit: LaidConduit): Route[] {
  const { key, from, to, direction } = conduit;
  if (from === null || to === null) return [];
  const paths = [{ to, points: conduit.points }, ...conduit.branches].filter((path) => path.to !== from);
  return paths.map((path, i) => ({
    id: paths.length === 1 ? key : `${key}/${i + 1}`,
    conduit: key,
    from,
    to: path.to,
    points: path.points.map(([x, y]) => ({ x, y })),
    arrows: { from: direction === 'b_to_a' || direction === 'both', to: direction === 'a_to_b' || direction === 'both' },
    untrusted: conduit.untrusted,
    label: i > 0 ? null : { x: conduit.label.x, y: conduit.label.y, w: conduit.label.w, h: conduit.label.h, lines: conduit.label.text.split('\n') },
  }));
}

/** The zones and conduits that are both in `drawing` and in `laid`: the two are read one after the other. */
export function layoutOf(drawing: Drawing, laid: LaidOut): Layout {
  const zones = new Map<string, Placed>();
  const put = (zone: LaidZone, corner: Point, outer: Point): void => {
    const known = drawing.zones.get(zone.key);
    if (known === undefined) return;
    const at = movedTo(known) ?? { x: zone.x - corner.x, y: zone.y - corner.y };
    zones.set(zone.key, { key: zone.key, parent: zone.parent, x: outer.x + at.x, y: outer.y + at.y, w: zone.w, h: zone.h, dx: at.x, dy: at.y, lines: zone.lines });
    for (const inner of laid.zones) if (inner.parent === zone.key) put(inner, zone, zones.get(zone.key)!);
  };
  for (const zone of laid.zones) {
    const band = laid.bands.find((one) => one.title === zone.band);
    if (zone.parent === null && band !== undefined) put(zone, band, band);
  }
  const boxes = [...zones.values()];
  return {
    zones,
    bands: laid.bands,
    routes: laid.conduits.flatMap(routesOf).filter((route) => drawing.conduits.has(route.conduit) && zones.has(route.from) && zones.has(route.to)),
    laid: new Map(laid.zones.map((zone) => [zone.key, { x: zone.x, y: zone.y }])),
    width: Math.max(laid.width, ...boxes.map((box) => box.x + box.w)),
    height: Math.max(laid.height, ...boxes.map((box) => box.y + box.h)),
  };
}

/** Are both ends of a route where the server put them? `at` are the places now, also while a zone is being moved. */
export function holds(layout: Layout, route: Route, at: ReadonlyMap<string, Point>): boolean {
  return [route.from, route.to].every((key) => {
    const was = layout.laid.get(key);
    const is = at.get(key);
    return was !== undefined && is !== undefined && was.x === is.x && was.y === is.y;
  });
}

export const pathOf = (points: readonly Point[]): string => `M${points.map(({ x, y }) => `${x},${y}`).join(' L')}`;
