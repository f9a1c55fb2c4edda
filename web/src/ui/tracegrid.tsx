// A trace matrix of any size: rows and columns are made as they scroll into view. It follows the ARIA grid pattern; arrows move, Enter
// asks why.
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { MatrixHead } from '../api/types';
import { t } from '../i18n';
import { marksOf, type MatrixRow, SIGNS } from '../model/matrix';
import { singleKeys } from '../state/settings';
import { gridKey, type GridState } from './grid-keys';
import { useVirtual } from './virtual';
import '../i18n/en/impact';
import '../i18n/en/item';

const CELL = 28;
const HEAD_HEIGHT = 92;
const HEAD_WIDTH = window.innerWidth < 760 ? 112 : 300;

interface TraceGridProps {
  label: string;
  columns: MatrixHead[];
  rows: MatrixRow[];
  total: number;
  more: (() => void) | null;
  /** Keys of the row and the column that are looked at. */
  chosen: string;
  onChoose: (row: string, column: string) => void;
}

type Spans = readonly { index: number; start: number }[];

function ColumnHeads(props: { columns: MatrixHead[]; spans: Spans; width: number }) {
  return (
    <div role="row" aria-rowindex={1} class="tracegrid-head" style={{ width: `${props.width}px`, height: `${HEAD_HEIGHT}px` }}>
      <div role="columnheader" aria-colindex={1} class="tracegrid-corner" style={{ width: `${HEAD_WIDTH}px` }}>
        <span class="hidden">{t('item.key')}</span>
      </div>
      {props.spans.map(({ index, start }) => (
        <div key={index} role="columnheader" aria-colindex={index + 2} class="tracegrid-column" title={props.columns[index]!.title} style={{ left: `${HEAD_WIDTH + start}px`, width: `${CELL}px` }}>
          {props.columns[index]!.key}
        </div>
      ))}
    </div>
  );
}

interface RowProps {
  row: MatrixRow;
  columns: MatrixHead[];
  spans: Spans;
  index: number;
  top: number;
  active: number;
  idOf: (column: number) => string;
  onCell: (column: number) => void;
}

function cellText(row: MatrixHead, column: MatrixHead, mark: ReturnType<typeof marksOf> extends Map<number, infer M> ? M | undefined : never): string {
  const what = mark === undefined ? t('matrix.nothing') : `${t(mark.how === 'direct' ? 'matrix.direct' : 'matrix.derived')}${mark.suspect ? `, ${t('matrix.suspect')}` : ''}`;
  return `${row.key}, ${column.key}: ${what}`;
}

function Row(props: RowProps) {
  const { row, columns, spans } = props;
  const marks = marksOf(row);
  return (
    <div role="row" aria-rowindex={props.index + 2} class="tracegrid-row" style={{ top: `${props.top}px`, height: `${CELL}px` }}>
      <div role="rowheader" aria-colindex={1} class="tracegrid-name" title={row.title} style={{ width: `${HEAD_WIDTH}px` }}>
        {row.key} <span class="dim">{row.title}</span>
      </div>
      {spans.map(({ index, start }) => {
        const mark = marks.get(index);
        if (mark === undefined && index !== props.active) return null;
        return (
          <div
            key={index}
            id={props.idOf(index)}
            role="gridcell"
            aria-colindex={index + 2}
            aria-label={cellText(row, columns[index]!, mark)}
            class={`tracegrid-cell${index === props.active ? ' active' : ''}${mark?.suspect ? ' suspect' : ''}`}
            style={{ left: `${HEAD_WIDTH + start}px`, width: `${CELL}px` }}
            onClick={() => props.onCell(index)}
          >
            {mark === undefined ? '' : `${SIGNS[mark.how]}${mark.suspect ? '!' : ''}`}
          </div>
        );
      })}
    </div>
  );
}

/** Where what is looked at stands, the first cell when it is not there. */
function placeOf({ chosen, rows, columns }: TraceGridProps): GridState {
  const [row, column] = chosen.split(' ');
  return { row: Math.max(0, rows.findIndex((one) => one.key === row)), column: Math.max(0, columns.findIndex((one) => one.key === column)) };
}

export function TraceGrid(props: TraceGridProps) {
  const { columns, rows } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<GridState>(() => placeOf(props));
  const down = useVirtual({ count: rows.length, size: CELL, element: () => scroller.current, head: HEAD_HEIGHT });
  const across = useVirtual({ count: columns.length, size: CELL, element: () => scroller.current, head: HEAD_WIDTH, horizontal: true });
  const shown = down.getVirtualItems();
  const spans = across.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  const width = HEAD_WIDTH + columns.length * CELL;
  const active = { row: Math.min(at.row, rows.length - 1), column: Math.min(at.column, columns.length - 1) };
  const idOf = (row: number, column: number): string => `${id}-${row}-${column}`;

  useEffect(() => {
    if (props.more !== null && last >= rows.length - 20) props.more();
  }, [last, rows.length, props.more === null]);
  const move = (to: GridState): void => {
    setAt(to);
    down.scrollToIndex(to.row, { align: 'auto' });
    across.scrollToIndex(to.column, { align: 'auto' });
  };
  const choose = (to: GridState): void => props.onChoose(rows[to.row]!.key, columns[to.column]!.key);
  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - HEAD_HEIGHT) / CELL) - 1);
    const act = gridKey(event, active, { rows: rows.length, columns: columns.length, page }, singleKeys.get());
    if (act === null || (act.act !== 'move' && act.act !== 'open')) return;
    event.preventDefault();
    event.stopPropagation();
    if (act.act === 'move') move(act.to);
    else choose(active);
  };
  return (
    <div
      ref={scroller}
      class="tracegrid"
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={props.total + 1}
      aria-colcount={columns.length + 1}
      aria-activedescendant={idOf(active.row, active.column)}
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup">
        <ColumnHeads columns={columns} spans={spans} width={width} />
      </div>
      <div role="rowgroup" class="tracegrid-body" style={{ width: `${width}px`, height: `${rows.length * CELL}px` }}>
        {shown.map((one) => (
          <Row
            key={rows[one.index]!.key}
            row={rows[one.index]!}
            columns={columns}
            spans={spans}
            index={one.index}
            top={one.start}
            active={one.index === active.row ? active.column : -1}
            idOf={(column) => idOf(one.index, column)}
            onCell={(column) => {
              move({ row: one.index, column });
              choose({ row: one.index, column });
            }}
          />
        ))}
      </div>
    </div>
  );
}
