// A table of any length: rows are made as they scroll into view, one cell is active, and every key of a spreadsheet works.
// It follows the ARIA grid pattern with the active cell named by aria-activedescendant.
import { Component, type ComponentChildren, type RefObject } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { number, t } from '../i18n';
import { singleKeys } from '../state/settings';
import { gridKey, type GridState } from './grid-keys';
import { useVirtual } from './virtual';

export interface GridColumn<Row> {
  id: string;
  title: string;
  width: number;
  /** What the cell shows. */
  cell: (row: Row) => ComponentChildren;
  sortable?: boolean;
  /** The editor of a cell, when it can be edited in place. */
  edit?: (row: Row, done: (save: boolean) => void) => ComponentChildren;
}

export interface GridProps<Row> {
  label: string;
  columns: GridColumn<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  /** How many rows there are in all, loaded or not; -1 when nobody knows. */
  total: number;
  more?: (() => void) | null;
  sort: string;
  onSort: (sort: string) => void;
  selected?: ReadonlySet<string>;
  onSelect?: (selected: ReadonlySet<string>) => void;
  onOpen: (row: Row) => void;
  active?: string;
  onActive?: (key: string) => void;
}

const ROW_HEIGHT = 34;
const HEAD_HEIGHT = 34;
const CHECK_WIDTH = 36;

const ariaSort = (sort: string, id: string): 'ascending' | 'descending' | 'none' => (sort === id ? 'ascending' : sort === `-${id}` ? 'descending' : 'none');
const SORT_SIGNS = { ascending: ' ▲', descending: ' ▼', none: '' };
/** Once more on a column turns its order, a third time ends it. */
const nextSort = (sort: string, id: string): string => (sort === id ? `-${id}` : sort === `-${id}` ? '' : id);

function Head<Row>(props: { grid: GridProps<Row>; template: string; width: number; selectable: boolean }) {
  const { grid } = props;
  const first = props.selectable ? 2 : 1;
  const all = grid.rows.length > 0 && grid.rows.every((row) => grid.selected?.has(grid.rowKey(row)));
  return (
    <div class="grid-head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: props.template, minWidth: `${props.width}px` }}>
      {props.selectable && (
        <div role="columnheader" aria-colindex={1} class="grid-check">
          <input
            type="checkbox"
            tabIndex={-1}
            checked={all}
            aria-label={t('grid.select-all')}
            onChange={() => grid.onSelect?.(new Set(all ? [] : grid.rows.map(grid.rowKey)))}
          />
        </div>
      )}
      {grid.columns.map((column, i) => (
        <div key={column.id} role="columnheader" aria-colindex={first + i} aria-sort={column.sortable ? ariaSort(grid.sort, column.id) : undefined}>
          {column.sortable ? (
            <button type="button" class="quiet" tabIndex={-1} onClick={() => grid.onSort(nextSort(grid.sort, column.id))}>
              {column.title}
              <span aria-hidden="true">{SORT_SIGNS[ariaSort(grid.sort, column.id)]}</span>
            </button>
          ) : (
            column.title
          )}
        </div>
      ))}
    </div>
  );
}

interface RowProps<Row> {
  /** What its cells do, as it is now. */
  grid: RefObject<{ move: (to: GridState) => void; toggle: (key: string) => void; open: (row: Row) => void; endEdit: (save: boolean) => void }>;
  id: string;
  columns: GridColumn<Row>[];
  row: Row;
  rowId: string;
  index: number;
  start: number;
  template: string;
  width: number;
  /** The column of its active cell, or -1. */
  active: number;
  editing: boolean;
  /** null: rows are not selected here. */
  selected: boolean | null;
}

const cellId = (id: string, row: number, column: number): string => `${id}-${row}-${column}`;

/** A row is drawn anew only when something about it changed: while the grid scrolls, most stay as they are. */
class GridRow<Row> extends Component<RowProps<Row>> {
  override shouldComponentUpdate(next: RowProps<Row>): boolean {
    return (Object.keys(next) as (keyof RowProps<Row>)[]).some((name) => next[name] !== this.props[name]);
  }

  override render({ grid, id, columns, row, rowId, index, start, template, width, active, editing, selected }: RowProps<Row>) {
    const first = selected === null ? 1 : 2;
    return (
      <div
        class={`grid-row${active >= 0 ? ' active' : ''}${selected ? ' selected' : ''}${editing ? ' editing' : ''}`}
        role="row"
        aria-rowindex={index + 2}
        aria-selected={selected ?? undefined}
        style={{ gridTemplateColumns: template, minWidth: `${width}px`, transform: `translateY(${start}px)` }}
        onDblClick={() => grid.current?.open(row)}
      >
        {selected !== null && (
          <div role="gridcell" aria-colindex={1} class="grid-check">
            <input type="checkbox" tabIndex={-1} checked={selected} aria-label={t('grid.select', { key: rowId })} onChange={() => grid.current?.toggle(rowId)} />
          </div>
        )}
        {columns.map((column, c) => {
          const isActive = c === active;
          const edit = isActive && editing ? column.edit : undefined;
          return (
            <div
              key={column.id}
              id={cellId(id, index, c)}
              role="gridcell"
              aria-colindex={first + c}
              class={`${isActive ? 'active' : ''}${edit === undefined ? '' : ' editing'}`}
              onClick={() => {
                if (!(isActive && editing)) grid.current?.move({ row: index, column: c });
              }}
            >
              {edit === undefined ? column.cell(row) : edit(row, (save) => grid.current?.endEdit(save))}
            </div>
          );
        })}
      </div>
    );
  }
}

export function Grid<Row>(props: GridProps<Row>) {
  const { rows, columns } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<GridState>({ row: 0, column: 0 });
  const [editing, setEditing] = useState(false);
  const selectable = props.onSelect !== undefined;
  const template = `${selectable ? `${CHECK_WIDTH}px ` : ''}${columns.map((column, i) => (i === columns.length - 1 ? `minmax(${column.width}px, 1fr)` : `${column.width}px`)).join(' ')}`;
  const width = columns.reduce((sum, column) => sum + column.width, selectable ? CHECK_WIDTH : 0);
  const virtual = useVirtual({ count: rows.length, size: ROW_HEIGHT, element: () => scroller.current, head: HEAD_HEIGHT });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  const row = Math.min(at.row, Math.max(0, rows.length - 1));

  useEffect(() => {
    if (props.more && last >= rows.length - 20) props.more();
  }, [last, rows.length, props.more === null]);
  useEffect(() => {
    const current = rows[row];
    if (current !== undefined && props.onActive !== undefined) props.onActive(props.rowKey(current));
  }, [row]);

  const move = (to: GridState): void => {
    setAt(to);
    setEditing(false);
    virtual.scrollToIndex(to.row, { align: 'auto' });
  };
  const toggle = (key: string): void => {
    const selected = new Set(props.selected);
    if (!selected.delete(key)) selected.add(key);
    props.onSelect?.(selected);
  };
  const endEdit = (save: boolean): void => {
    setEditing(false);
    scroller.current?.focus();
    if (save && at.row + 1 < rows.length) move({ ...at, row: at.row + 1 });
  };
  const doing = useRef({ move, toggle, open: props.onOpen, endEdit });
  doing.current = { move, toggle, open: props.onOpen, endEdit };
  const onKeyDown = (event: KeyboardEvent): void => {
    const current = rows[row];
    const element = scroller.current;
    if (element === null || event.target !== element || current === undefined) return;
    const page = Math.max(1, Math.floor((element.clientHeight - HEAD_HEIGHT) / ROW_HEIGHT) - 1);
    const act = gridKey(event, { row, column: at.column }, { rows: rows.length, columns: columns.length, page }, singleKeys.get());
    if (act === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (act.act === 'move') move(act.to);
    else if (act.act === 'open') props.onOpen(current);
    else if (act.act === 'select') toggle(props.rowKey(current));
    else if (act.act === 'select-all') props.onSelect?.(new Set(rows.map(props.rowKey)));
    else if (act.act === 'leave') props.onSelect?.(new Set());
    else {
      const editable = columns[at.column]?.edit !== undefined ? at.column : columns.findIndex((column) => column.edit !== undefined);
      if (editable < 0) return;
      setAt({ row, column: editable });
      setEditing(true);
    }
  };

  return (
    <div
      ref={scroller}
      class="grid"
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={props.total < 0 ? -1 : props.total + 1}
      aria-colcount={columns.length + (selectable ? 1 : 0)}
      aria-multiselectable={selectable}
      aria-activedescendant={rows.length > 0 && shown.some((one) => one.index === row) ? cellId(id, row, at.column) : undefined}
      onKeyDown={onKeyDown}
    >
      <Head grid={props} template={template} width={width} selectable={selectable} />
      <div class="grid-body" role="rowgroup" style={{ height: `${virtual.getTotalSize()}px`, minWidth: `${width}px` }}>
        {shown.map((one) => {
          const item = rows[one.index];
          if (item === undefined) return null;
          const key = props.rowKey(item);
          const selected = props.selected?.has(key) ?? false;
          return (
            <GridRow
              key={key}
              grid={doing}
              id={id}
              columns={columns}
              row={item}
              rowId={key}
              index={one.index}
              start={one.start}
              template={template}
              width={width}
              active={one.index === row ? at.column : -1}
              editing={one.index === row && editing}
              selected={selectable ? selected : null}
            />
          );
        })}
      </div>
    </div>
  );
}

/** "1–50 of 418", or what is selected. */
export function GridCount(props: { rows: number; total: string | null; selected: number }) {
  const total = props.total ?? number(props.rows);
  return (
    <p class="dim grid-count" role="status">
      {props.selected > 0 ? t('grid.selected', { n: props.selected, total }) : t('grid.count', { total })}
    </p>
  );
}
