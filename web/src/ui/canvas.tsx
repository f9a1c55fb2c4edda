// The drawing to work on: zones are moved, nested ones within theirs, conduits drawn from zone to zone. React Flow gives pan,
// zoom, drag, focus and keys, and a way for conduits of moved zones; else things stand where model/drawing-layout says.
import {
  applyNodeChanges,
  BaseEdge,
  type Connection,
  ControlButton,
  Controls,
  type Edge as FlowEdge,
  EdgeLabelRenderer,
  type EdgeProps,
  getSmoothStepPath,
  Handle,
  MarkerType,
  type Node,
  type NodeChange,
  type NodeProps,
  Position,
  ReactFlow,
  type ReactFlowInstance,
  type Viewport,
  ViewportPortal,
} from '@xyflow/react';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { t } from '../i18n';
import type { Conduit, Drawing, Zone } from '../model/drawing';
import { holds, type Layout, pathOf, type Placed, type Point, type Route } from '../model/drawing-layout';
import { setQuery, useQuery } from '../router';
import { conduitText, numbersText, zoneText } from './drawingtext';
import '../i18n/en/drawing';

type ZoneNode = Node<{ zone: Zone; lines: string[]; numbers: number[] }, 'zone'>;
/** `kept`: it runs where the server laid it. */
type ConduitEdge = FlowEdge<{ conduit: Conduit; route: Route; kept: boolean; numbers: number[] }, 'conduit'>;

const SETTLED_MS = 500;
const FAR = 100_000;
/** Below this zoom nobody reads the text. */
const READABLE = 0.6;
const MARKER = { type: MarkerType.ArrowClosed, width: 16, height: 16, markerUnits: 'userSpaceOnUse', color: 'var(--dim)' };

function Lines(props: { lines: readonly string[]; numbers: readonly number[] }) {
  const [first, ...others] = props.lines;
  return (
    <>
      <strong>{first}</strong>
      {others.map((line, i) => (
        <span key={i}>{line}</span>
      ))}
      {props.numbers.length > 0 && <span class="zone-warnings">{numbersText(props.numbers)}</span>}
    </>
  );
}

function ZoneBox({ data }: NodeProps<ZoneNode>) {
  const { zone, lines, numbers } = data;
  const of = (nature: string): string => (zone.nature.includes(nature) ? ` ${nature}` : '');
  return (
    <div class={`zone-box${of('safety')}${of('wireless')}${of('external')}${of('temporary')}${of('business')}${zone.children.length > 0 ? ' outer' : ''}`}>
      <Handle type="target" position={Position.Top} />
      <Lines lines={lines} numbers={numbers} />
      <Handle type="source" position={Position.Bottom} />
    </div>
  );
}

function ConduitLine(props: EdgeProps<ConduitEdge>) {
  const { data } = props;
  if (data === undefined) return null;
  const { route, kept, conduit, numbers } = data;
  const { label } = route;
  const [made, x, y] = getSmoothStepPath(props);
  const at = label === null || kept ? label : { x: x - label.w / 2, y: y - label.h / 2 };
  const markers = { ...(props.markerStart === undefined ? {} : { markerStart: props.markerStart }), ...(props.markerEnd === undefined ? {} : { markerEnd: props.markerEnd }) };
  return (
    <>
      <BaseEdge id={props.id} path={kept ? pathOf(route.points) : made} {...markers} />
      {label !== null && at !== null && (
        <EdgeLabelRenderer>
          {/* for the mouse; the line itself is chosen by key */}
          <div class="conduit-label nopan" style={{ transform: `translate(${at.x}px, ${at.y}px)`, width: `${label.w}px`, height: `${label.h}px` }} onClick={() => setQuery({ sel: conduit.key })}>
            <Lines lines={label.lines} numbers={numbers} />
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
}

const NODE_TYPES = { zone: ZoneBox };
const EDGE_TYPES = { conduit: ConduitLine };

interface CanvasProps {
  drawing: Drawing;
  layout: Layout;
  numbers: ReadonlyMap<string, number[]>;
  chosen: string;
  editable: boolean;
  /** Where a zone was put, from the corner of its parent or its band. */
  onMoved: (key: string, x: number, y: number) => void;
  onConnect: (from: string, to: string) => void;
}

const bandOf = (layout: Layout, box: Placed) => layout.bands.find((band) => box.y >= band.y && box.y < band.y + band.h);

/** Outer zones first, as React Flow wants them; a zone leaves neither its band nor what it is part of. */
function nodesOf(props: CanvasProps): ZoneNode[] {
  const { drawing, layout } = props;
  return [...layout.zones.values()].map((placed) => {
    const zone = drawing.zones.get(placed.key)!;
    const band = bandOf(layout, placed);
    const node: ZoneNode = {
      id: placed.key,
      type: 'zone',
      position: placed.parent === null ? { x: placed.x, y: placed.y } : { x: placed.dx, y: placed.dy },
      width: placed.w,
      height: placed.h,
      // Said rather than measured: a node that waits to be measured again has no conduits, and nothing may measure it.
      measured: { width: placed.w, height: placed.h },
      handles: [
        { type: 'target', position: Position.Top, x: placed.w / 2, y: 0 },
        { type: 'source', position: Position.Bottom, x: placed.w / 2, y: placed.h },
      ],
      data: { zone, lines: placed.lines, numbers: props.numbers.get(placed.key) ?? [] },
      selected: placed.key === props.chosen,
      ariaLabel: zoneText(zone),
      draggable: props.editable,
      connectable: props.editable,
    };
    if (placed.parent !== null) return { ...node, parentId: placed.parent, extent: 'parent' };
    if (band !== undefined) node.extent = [[-FAR, band.y], [FAR, band.y + band.h]];
    return node;
  });
}

/** Where the nodes are just now, also while one is being moved. */
function placesOf(nodes: readonly ZoneNode[]): Map<string, Point> {
  const places = new Map<string, Point>();
  for (const node of nodes) {
    const outer = node.parentId === undefined ? { x: 0, y: 0 } : places.get(node.parentId)!;
    places.set(node.id, { x: outer.x + node.position.x, y: outer.y + node.position.y });
  }
  return places;
}

/** Another conduit, or one of other zones, than what was chosen. */
function isFar(props: CanvasProps, route: Route): boolean {
  return props.chosen !== '' && (props.drawing.zones.has(props.chosen) || props.drawing.conduits.has(props.chosen)) && ![route.from, route.to, route.conduit].includes(props.chosen);
}

function flowEdges(props: CanvasProps, nodes: readonly ZoneNode[]): ConduitEdge[] {
  const places = placesOf(nodes);
  return props.layout.routes.map((route) => {
    const conduit = props.drawing.conduits.get(route.conduit)!;
    return {
      id: route.id,
      type: 'conduit',
      source: route.from,
      target: route.to,
      data: { conduit, route, kept: holds(props.layout, route, places), numbers: props.numbers.get(conduit.key) ?? [] },
      selected: conduit.key === props.chosen,
      className: `${isFar(props, route) ? 'far' : ''}${route.untrusted ? ' untrusted' : ''}`,
      ariaLabel: conduitText(conduit),
      ...(route.arrows.from ? { markerStart: MARKER } : {}),
      ...(route.arrows.to ? { markerEnd: MARKER } : {}),
    };
  });
}

function viewportOf(text: string): Viewport | null {
  const [x, y, zoom] = text.split(',').map(Number);
  return text !== '' && Number.isFinite(x) && Number.isFinite(y) && Number.isFinite(zoom) ? { x: x!, y: y!, zoom: zoom! } : null;
}

const viewText = (at: Viewport): string => [Math.round(at.x), Math.round(at.y), Math.round(at.zoom * 1000) / 1000].join(',');

const middle = (room: number, at: number): number => Math.round(room / 2 - at);

/** All of the drawing. */
function whole(layout: Layout, element: HTMLElement | null): Viewport {
  const { width, height } = element?.getBoundingClientRect() ?? layout;
  const zoom = Math.min(1, width / layout.width, height / layout.height);
  return { x: middle(width, (layout.width * zoom) / 2), y: 0, zoom };
}

/** To begin with: as much of the width as can be read, from the top, or where the chosen zone is. */
function begin({ layout, chosen }: CanvasProps, element: HTMLElement | null): Viewport {
  const { width, height } = element?.getBoundingClientRect() ?? layout;
  const zoom = Math.max(READABLE, Math.min(1, width / layout.width));
  const zone = layout.zones.get(chosen);
  const across = zone === undefined || width >= layout.width * zoom ? layout.width / 2 : zone.x + zone.w / 2;
  return { x: middle(width, across * zoom), y: zone === undefined ? 0 : Math.min(0, middle(height, (zone.y + zone.h / 2) * zoom)), zoom };
}

/** Tells once where zones came to rest; keys move in many small steps. */
function useMoved(props: CanvasProps): (nodes: readonly ZoneNode[]) => void {
  const latest = useRef(props);
  const timer = useRef(0);
  latest.current = props;
  useEffect(() => () => clearTimeout(timer.current), []);
  return (nodes) => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      const { layout, onMoved } = latest.current;
      for (const node of nodes) {
        const was = layout.zones.get(node.id);
        if (was === undefined) continue;
        const shift = { x: node.position.x - (was.parent === null ? was.x : was.dx), y: node.position.y - (was.parent === null ? was.y : was.dy) };
        if (Math.abs(shift.x) >= 1 || Math.abs(shift.y) >= 1) onMoved(node.id, Math.round(was.dx + shift.x), Math.round(was.dy + shift.y));
      }
    }, SETTLED_MS);
  };
}

export default function Canvas(props: CanvasProps) {
  const { layout } = props;
  const made = useMemo(() => nodesOf(props), [props.drawing, layout, props.numbers, props.chosen, props.editable]);
  const [nodes, setNodes] = useState(made);
  const [view] = useQuery('vp');
  const [start] = useState(() => viewportOf(view));
  const flow = useRef<ReactFlowInstance<ZoneNode, ConduitEdge> | null>(null);
  const frame = useRef<HTMLDivElement>(null);
  const moved = useMoved(props);
  const edges = useMemo(() => flowEdges(props, nodes), [layout, nodes, props.numbers, props.chosen]);

  useEffect(() => setNodes(made), [made]);
  const onNodesChange = (changes: NodeChange<ZoneNode>[]): void => {
    const next = applyNodeChanges(changes, nodes);
    setNodes(next);
    if (changes.some((one) => one.type === 'position' && one.dragging === false)) moved(next);
    const select = changes.find((one) => one.type === 'select' && one.selected);
    if (select !== undefined && 'id' in select) setQuery({ sel: select.id });
  };
  return (
    <ReactFlow<ZoneNode, ConduitEdge>
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      edgeTypes={EDGE_TYPES}
      onNodesChange={onNodesChange}
      onEdgesChange={(changes) => {
        const select = changes.find((one) => one.type === 'select' && one.selected);
        const edge = select !== undefined && 'id' in select ? edges.find((one) => one.id === select.id) : undefined;
        if (edge?.data !== undefined) setQuery({ sel: edge.data.conduit.key });
      }}
      onPaneClick={() => setQuery({ sel: null })}
      onConnect={(connection: Connection) => props.onConnect(connection.source, connection.target)}
      onMoveEnd={(_, at) => setQuery({ vp: viewText(at) === viewText(begin(props, frame.current)) ? null : viewText(at) })}
      ref={frame}
      onInit={(instance) => {
        flow.current = instance;
        void instance.setViewport(start ?? begin(props, frame.current));
      }}
      minZoom={0.05}
      maxZoom={2}
      nodesDraggable={props.editable}
      nodesConnectable={props.editable}
      edgesReconnectable={false}
      deleteKeyCode={null}
      selectionKeyCode={null}
      multiSelectionKeyCode={null}
      proOptions={{ hideAttribution: true }}
      ariaLabelConfig={{ 'node.a11yDescription.default': t('drawing.node-keys'), 'edge.a11yDescription.default': t('drawing.edge-keys') }}
    >
      <ViewportPortal>
        {layout.bands.map((band) => (
          <div key={band.title} class="band" style={{ transform: `translate(${band.x}px, ${band.y}px)`, width: `${band.w}px`, height: `${band.h}px` }}>
            {band.title}
          </div>
        ))}
      </ViewportPortal>
      <Controls showInteractive={false} showFitView={false} aria-label={t('drawing.zoom')}>
        <ControlButton title={t('drawing.fit')} aria-label={t('drawing.fit')} onClick={() => void flow.current?.setViewport(whole(layout, frame.current))}>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4" fill="none" stroke="currentColor" stroke-width="2" />
          </svg>
        </ControlButton>
      </Controls>
    </ReactFlow>
  );
}
