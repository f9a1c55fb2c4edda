// How the conduits of a drawing run between the boxes of its zones.
import { type Drawing, edgesOf } from '../model/drawing';
import type { Box } from '../model/drawing-layout';
import { type Route, routesOf } from '../model/drawing-routes';
import { conduitLabel } from './drawingtext';

export function routesAt(drawing: Drawing, boxes: ReadonlyMap<string, Box>): Route[] {
  const leaves = [...drawing.zones.values()].filter((zone) => zone.children.length === 0).map((zone) => zone.key);
  return routesOf(edgesOf(drawing), boxes, new Set(leaves), (edge) => conduitLabel(drawing.conduits.get(edge.conduit)!));
}
