// The drawing as SVG that stands alone: for paper, and to take along. It carries its own colours, since no style sheet goes
// with it.
import type { Drawing } from '../model/drawing';
import type { Band, Layout, Placed } from '../model/drawing-layout';
import { pathOf, type Route } from '../model/drawing-routes';
import { bandText, conduitLabel, conduitText, levelsText, numbersText, zoneNote } from './drawingtext';

const FONT = 'system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';
const INK = '#1a2026';
const DIM = '#525d68';
const LINE = '#7d8791';
const ROOM = 31;

const cut = (text: string): string => (text.length <= ROOM ? text : `${text.slice(0, ROOM - 1)}…`);

function BandBox({ band }: { band: Band }) {
  return (
    <g>
      <rect x={band.x} y={band.y} width={band.w} height={band.h} fill="#f6f7f8" stroke="#d9dee3" />
      <text x={band.x + 10} y={band.y + 22} fill={DIM} font-size="12">
        {bandText(band.level)}
      </text>
    </g>
  );
}

function ZoneBox(props: { drawing: Drawing; box: Placed; numbers: number[] }) {
  const { box } = props;
  const zone = props.drawing.zones.get(box.key)!;
  const safety = zone.nature.includes('safety');
  return (
    <g>
      <rect x={box.x} y={box.y} width={box.w} height={box.h} rx="6" fill="#fff" stroke={safety ? INK : LINE} stroke-width={safety ? 3 : 1.5} />
      <text x={box.x + 12} y={box.y + 24} fill={INK} font-size="13" font-weight="600">
        {cut(`${zone.key} ${zone.title}`)}
      </text>
      <text x={box.x + 12} y={box.y + 45} fill={INK} font-size="12">
        {levelsText(zone.target)}
      </text>
      <text x={box.x + 12} y={box.y + 65} fill={DIM} font-size="12">
        {cut(zoneNote(zone))}
      </text>
      {props.numbers.length > 0 && (
        <text x={box.x + 12} y={box.y + 83} fill="#7a4e00" font-size="12">
          {cut(numbersText(props.numbers))}
        </text>
      )}
    </g>
  );
}

function ConduitLine(props: { drawing: Drawing; route: Route }) {
  const { route } = props;
  const conduit = props.drawing.conduits.get(route.edge.conduit)!;
  return (
    <g>
      <title>{conduitText(conduit)}</title>
      <path
        d={pathOf(route.points)}
        fill="none"
        stroke={DIM}
        stroke-width="1.6"
        marker-start={conduit.direction === 'a_to_b' ? undefined : 'url(#arrow)'}
        marker-end={conduit.direction === 'b_to_a' ? undefined : 'url(#arrow)'}
      />
    </g>
  );
}

function ConduitLabel(props: { drawing: Drawing; route: Route }) {
  const { label, edge } = props.route;
  if (label === null) return null;
  return (
    <g>
      <rect x={label.x} y={label.y} width={label.w} height={label.h} rx="4" fill="#fff" stroke="#d9dee3" />
      <text x={label.x + label.w / 2} y={label.y + 14} text-anchor="middle" fill={INK} font-size="11">
        {conduitLabel(props.drawing.conduits.get(edge.conduit)!)}
      </text>
    </g>
  );
}

export function DrawingSvg(props: { id: string; title: string; drawing: Drawing; layout: Layout; routes: Route[]; numbers: ReadonlyMap<string, number[]> }) {
  const { drawing, layout, routes, numbers } = props;
  return (
    <svg id={props.id} xmlns="http://www.w3.org/2000/svg" viewBox={`0 0 ${layout.width} ${layout.height}`} width={layout.width} height={layout.height} font-family={FONT}>
      <title>{props.title}</title>
      <defs>
        <marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto-start-reverse">
          <path d="M0,0 L10,5 L0,10 z" fill={DIM} />
        </marker>
      </defs>
      <rect width={layout.width} height={layout.height} fill="#fff" />
      {layout.bands.map((band) => (
        <BandBox key={band.level} band={band} />
      ))}
      {[...layout.zones.values()].map((box) => (
        <ZoneBox key={box.key} drawing={drawing} box={box} numbers={numbers.get(box.key) ?? []} />
      ))}
      {routes.map((route) => (
        <ConduitLine key={route.edge.id} drawing={drawing} route={route} />
      ))}
      {routes.map((route) => (
        <ConduitLabel key={route.edge.id} drawing={drawing} route={route} />
      ))}
    </svg>
  );
}

/** Hands the drawing over as a file. */
export function saveSvg(id: string, name: string): void {
  const element = document.getElementById(id);
  if (element === null) return;
  const url = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(element)], { type: 'image/svg+xml' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
