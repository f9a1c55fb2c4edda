// The drawing to work on: zones are moved, nested ones within theirs, conduits drawn from zone to zone. React Flow gives pan,
// zoom, drag, focus and keys; where things stand and how conduits run is that of model/drawing-layout and drawing-routes.
import {
  applyNodeChanges,
  BaseEdge,
  type Connection,
  ControlButton,
  Controls,
  type Edge as FlowEdge,
  type EdgeProps,
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
import type { Box, Layout } from '../model/drawing-layout';
import { pathOf, type Route } from '../model/drawing-routes';
import { setQuery, useQuery } from '../router';
import { routesAt } from './drawingroutes';
import { bandText, conduitLabel, conduitText, levelsText, numbersText, zoneNote, zoneText } from './drawingtext';

type ZoneNode = Node<{ zone: Zone; numbers: number[] }, 'zone'>;
type ConduitEdge = FlowEdge<{ conduit: Conduit; route: Route; numbers: number[] }, 'conduit'>;

const SETTLED_MS = 500;
const FAR = 100_000;
/** Below this zoom nobody reads the text. */
const READABLE = 0.45;
const MARKER = { type: MarkerType.ArrowClosed, width: 12, height: 12, markerUnits: 'userSpaceOnUse' };

function ZoneBox({ data }: NodeProps<ZoneNode>) {
  const { zone, numbers } = data;
  return (
    <div class={`zone-box${zone.nature.includes('safety') ? ' safety' : ''}${zone.children.length > 0 ? ' outer' : ''}`}>
      <Handle type="target" position={Position.Top} />
      <strong>
        {zone.key} {zone.title}
      </strong>
      <span>{levelsText(zone.target)}</span>
      <span class="dim">{zoneNote(zone)}</span>
      {numbers.length > 0 && <span class="zone-warnings">{numbersText(numbers)}</span>}
      <Handle type="source" position={Position.Bottom} />
    </div>
  );
}

function ConduitLine(props: EdgeProps<ConduitEdge>) {
  const { data, selected } = props;
  if (data === undefined) return null;
  const { route, conduit } = data;
  const middle = route.points[0].x / 2 + route.points[3].x / 2;
  const label = route.label ?? (selected ? { x: middle, y: route.points[0].y / 2 + route.points[3].y / 2, w: 0, h: 20 } : null);
  return (
    <>
      <BaseEdge id={props.id} path={pathOf(route.points)} {...(props.markerStart === undefined ? {} : { markerStart: props.markerStart })} {...(props.markerEnd === undefined ? {} : { markerEnd: props.markerEnd })} />
      {label !== null && (
        <g class="conduit-label">
          {label.w > 0 && <rect x={label.x} y={label.y} width={label.w} height={label.h} rx="4" />}
          <text x={label.x + label.w / 2} y={label.y + 14} text-anchor="middle">
            {conduitLabel(conduit)}
          </text>
        </g>
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

const bandOf = (layout: Layout, box: Box): Box | undefined => layout.bands.find((band) => box.y >= band.y && box.y < band.y + band.h);

/** Outer zones first, as React Flow wants them; a zone leaves neither its band nor what it is part of. */
function nodesOf(props: CanvasProps): ZoneNode[] {
  const { drawing, layout } = props;
  return [...layout.zones.values()].map((placed) => {
    const zone = drawing.zones.get(placed.key)!;
    const band = bandOf(layout, placed);
    const node: ZoneNode = {
      id: placed.key,
      type: 'zone',
      position: zone.parent === null ? { x: placed.x, y: placed.y } : { x: placed.dx, y: placed.dy },
      width: placed.w,
      height: placed.h,
      // Said rather than measured: a node that waits to be measured again has no conduits, and nothing may measure it.
      measured: { width: placed.w, height: placed.h },
      handles: [
        { type: 'target', position: Position.Top, x: placed.w / 2, y: 0 },
        { type: 'source', position: Position.Bottom, x: placed.w / 2, y: placed.h },
      ],
      data: { zone, numbers: props.numbers.get(placed.key) ?? [] },
      selected: placed.key === props.chosen,
      ariaLabel: zoneText(zone),
      draggable: props.editable,
      connectable: props.editable,
    };
    if (zone.parent !== null) return { ...node, parentId: zone.parent, extent: 'parent' };
    if (band !== undefined) node.extent = [[-FAR, band.y], [FAR, band.y + band.h]];
    return node;
  });
}

/** Boxes of the nodes as they are just now, also while one is being moved. */
function boxesOf(nodes: readonly ZoneNode[]): Map<string, Box> {
  const boxes = new Map<string, Box>();
  for (const node of nodes) {
    const outer = node.parentId === undefined ? { x: 0, y: 0 } : boxes.get(node.parentId)!;
    boxes.set(node.id, { x: outer.x + node.position.x, y: outer.y + node.position.y, w: node.width ?? 0, h: node.height ?? 0 });
  }
  return boxes;
}

/** Another conduit, or one of other zones, than what was chosen. */
function isFar(props: CanvasProps, { edge }: Route): boolean {
  return props.chosen !== '' && (props.drawing.zones.has(props.chosen) || props.drawing.conduits.has(props.chosen)) && ![edge.from, edge.to, edge.conduit].includes(props.chosen);
}

function flowEdges(props: CanvasProps, routes: readonly Route[]): ConduitEdge[] {
  return routes.map((route) => {
    const conduit = props.drawing.conduits.get(route.edge.conduit)!;
    return {
      id: route.edge.id,
      type: 'conduit',
      source: route.edge.from,
      target: route.edge.to,
      data: { conduit, route, numbers: props.numbers.get(conduit.key) ?? [] },
      selected: conduit.key === props.chosen,
      className: isFar(props, route) ? 'far' : '',
      ariaLabel: conduitText(conduit),
      ...(conduit.direction === 'a_to_b' ? {} : { markerStart: MARKER }),
      ...(conduit.direction === 'b_to_a' ? {} : { markerEnd: MARKER }),
    };
  });
}

function viewportOf(text: string): Viewport | null {
  const [x, y, zoom] = text.split(',').map(Number);
  return text !== '' && Number.isFinite(x) && Number.isFinite(y) && Number.isFinite(zoom) ? { x: x!, y: y!, zoom: zoom! } : null;
}

const viewText = (at: Viewport): string => [Math.round(at.x), Math.round(at.y), Math.round(at.zoom * 1000) / 1000].join(',');

/** All of the drawing where it can be read; else its upper left part. */
function fit(layout: Layout, element: HTMLElement | null): Viewport {
  const { width, height } = element?.getBoundingClientRect() ?? { width: layout.width, height: layout.height };
  const zoom = Math.max(READABLE, Math.min(1, width / layout.width, height / layout.height));
  const middle = (room: number, size: number): number => Math.max(0, Math.round((room - size * zoom) / 2));
  return { x: middle(width, layout.width), y: middle(height, layout.height), zoom };
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
      const { layout, drawing, onMoved } = latest.current;
      for (const node of nodes) {
        const was = layout.zones.get(node.id);
        if (was === undefined) continue;
        const zone = drawing.zones.get(node.id)!;
        const shift = { x: node.position.x - (zone.parent === null ? was.x : was.dx), y: node.position.y - (zone.parent === null ? was.y : was.dy) };
        if (Math.abs(shift.x) >= 1 || Math.abs(shift.y) >= 1) onMoved(node.id, Math.round(was.dx + shift.x), Math.round(was.dy + shift.y));
      }
    }, SETTLED_MS);
  };
}

export default function Canvas(props: CanvasProps) {
  const { drawing, layout } = props;
  const made = useMemo(() => nodesOf(props), [drawing, layout, props.numbers, props.chosen, props.editable]);
  const [nodes, setNodes] = useState(made);
  const [view] = useQuery('vp');
  const [start] = useState(() => viewportOf(view));
  const flow = useRef<ReactFlowInstance<ZoneNode, ConduitEdge> | null>(null);
  const frame = useRef<HTMLDivElement>(null);
  const moved = useMoved(props);
  const routes = useMemo(() => routesAt(drawing, boxesOf(nodes)), [drawing, nodes]);
  const edges = useMemo(() => flowEdges(props, routes), [routes, props.numbers, props.chosen]);

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
      onMoveEnd={(_, at) => setQuery({ vp: viewText(at) === viewText(fit(layout, frame.current)) ? null : viewText(at) })}
      ref={frame}
      onInit={(instance) => {
        flow.current = instance;
        void instance.setViewport(start ?? fit(layout, frame.current));
      }}
      minZoom={0.1}
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
          <div key={band.level} class="band" style={{ transform: `translate(${band.x}px, ${band.y}px)`, width: `${band.w}px`, height: `${band.h}px` }}>
            {bandText(band.level)}
          </div>
        ))}
      </ViewportPortal>
      <Controls showInteractive={false} showFitView={false} aria-label={t('drawing.zoom')}>
        <ControlButton title={t('drawing.fit')} aria-label={t('drawing.fit')} onClick={() => void flow.current?.setViewport(fit(layout, frame.current))}>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4" fill="none" stroke="currentColor" stroke-width="2" />
          </svg>
        </ControlButton>
      </Controls>
    </ReactFlow>
  );
}
