// A neighbourhood as a drawing to walk in: pan, zoom, focus and keys are React Flow's, places those of model/neighbours.
import { BaseEdge, ControlButton, Controls, type Edge, type EdgeProps, Handle, MarkerType, type Node, type NodeProps, Position, ReactFlow, type ReactFlowInstance } from '@xyflow/react';
import { useMemo, useRef } from 'preact/hooks';
import type { Link, Neighbour } from '../api/types';
import { t, words } from '../i18n';
import { lineOf, NODE, type Placed, placesOf } from '../model/neighbours';
import '../i18n/en/drawing';
import '../i18n/en/impact';

type ItemNode = Node<{ item: Neighbour }, 'item'>;
type LinkEdge = Edge<{ text: string; from: Placed; to: Placed }, 'link'>;

const CENTRE = { x: NODE.w / 2, y: NODE.h / 2 };
const MARKER = { type: MarkerType.ArrowClosed, width: 12, height: 12, markerUnits: 'userSpaceOnUse' };

function ItemBox({ data }: NodeProps<ItemNode>) {
  const { item } = data;
  return (
    <div class={`zone-box item-box${item.distance === 0 ? ' safety' : ''}`}>
      <Handle type="target" position={Position.Left} />
      <strong>
        {item.key} {item.title}
      </strong>
      <span class="dim">{words(item.kind)}</span>
      <Handle type="source" position={Position.Right} />
    </div>
  );
}

function LinkLine(props: EdgeProps<LinkEdge>) {
  const { data } = props;
  if (data === undefined) return null;
  const { path, label } = lineOf(data.from, data.to);
  return (
    <>
      <BaseEdge id={props.id} path={path} {...(props.markerEnd === undefined ? {} : { markerEnd: props.markerEnd })} />
      <text class="link-label" x={label.x} y={label.y - 4} text-anchor="middle">
        {data.text}
      </text>
    </>
  );
}

const NODE_TYPES = { item: ItemBox };
const EDGE_TYPES = { link: LinkLine };

function nodesOf(items: readonly Neighbour[], places: ReadonlyMap<string, Placed>, chosen: string): ItemNode[] {
  return items.map((item) => ({
    id: item.key,
    type: 'item',
    position: places.get(item.key)!,
    width: NODE.w,
    height: NODE.h,
    measured: { width: NODE.w, height: NODE.h },
    handles: [
      { type: 'target', position: Position.Left, ...CENTRE },
      { type: 'source', position: Position.Right, ...CENTRE },
    ],
    data: { item },
    selected: item.key === chosen,
    ariaLabel: `${item.key} ${item.title}, ${words(item.kind)}`,
    draggable: false,
    connectable: false,
  }));
}

/** Links of two items lie over each other, so their names are one label. */
function edgesOf(links: readonly Link[], places: ReadonlyMap<string, Placed>): LinkEdge[] {
  const middle = (key: string): Placed => ({ x: places.get(key)!.x + CENTRE.x, y: places.get(key)!.y + CENTRE.y });
  const pairs = new Map<string, Link[]>();
  for (const link of links) pairs.set(`${link.from} ${link.to}`, [...(pairs.get(`${link.from} ${link.to}`) ?? []), link]);
  return [...pairs].map(([id, [first, ...rest]]) => {
    const all = [first!, ...rest];
    const suspect = all.some((link) => link.suspect);
    const text = `${[...new Set(all.map((link) => words(link.type)))].join(', ')}${suspect ? ' (!)' : ''}`;
    return { id, type: 'link', source: first!.from, target: first!.to, data: { text, from: middle(first!.from), to: middle(first!.to) }, markerEnd: MARKER, focusable: false, ariaLabel: `${first!.from} ${text} ${first!.to}`, class: suspect ? 'suspect' : '' };
  });
}

export default function LinkGraph(props: { items: Neighbour[]; links: Link[]; chosen: string; onChoose: (key: string) => void }) {
  const { items, links } = props;
  const places = useMemo(() => placesOf(items, links), [items, links]);
  const nodes = useMemo(() => nodesOf(items, places, props.chosen), [items, places, props.chosen]);
  const edges = useMemo(() => edgesOf(links, places), [links, places]);
  const flow = useRef<ReactFlowInstance<ItemNode, LinkEdge> | null>(null);
  return (
    <ReactFlow<ItemNode, LinkEdge>
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      edgeTypes={EDGE_TYPES}
      onNodesChange={(changes) => {
        const select = changes.find((one) => one.type === 'select' && one.selected);
        if (select !== undefined && 'id' in select) props.onChoose(select.id);
      }}
      onInit={(instance) => {
        flow.current = instance;
        void instance.fitView();
      }}
      minZoom={0.1}
      maxZoom={2}
      nodesDraggable={false}
      nodesConnectable={false}
      deleteKeyCode={null}
      selectionKeyCode={null}
      multiSelectionKeyCode={null}
      proOptions={{ hideAttribution: true }}
      ariaLabelConfig={{ 'node.a11yDescription.default': t('near.node-keys') }}
    >
      <Controls showInteractive={false} showFitView={false} aria-label={t('drawing.zoom')}>
        <ControlButton title={t('drawing.fit')} aria-label={t('drawing.fit')} onClick={() => void flow.current?.fitView()}>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4" fill="none" stroke="currentColor" stroke-width="2" />
          </svg>
        </ControlButton>
      </Controls>
    </ReactFlow>
  );
}
