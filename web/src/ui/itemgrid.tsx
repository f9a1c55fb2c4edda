// Items of one or more kinds as a grid: filter, sort, columns and selection are in the address.
import { useMemo, useRef, useState } from 'preact/hooks';
import { save } from '../api/edit';
import { projectPath, usePages } from '../api/cache';
import type { AttrType, AttrValue, Item, Kind } from '../api/types';
import { t, words } from '../i18n';
import { kindOf, listedAttrs } from '../model/metamodel';
import { showValue } from '../model/value';
import { itemAddress, navigate, useQuery } from '../router';
import { useMetamodel } from '../state/metamodel';
import { may } from '../state/session';
import { AddItem } from './additem';
import { Empty, KeyLink, ProblemView, Tag, Waiting } from './basics';
import { BULK_MAX, BulkEdit } from './bulkedit';
import { Field } from './field';
import { FilterBox } from './filterbox';
import { Grid, type GridColumn, GridCount } from './grid';
import { Lazy } from './lazy';
import { Menu } from './menu';
import '../i18n/en/item';

const PAGE_ROWS = '500';
/** An address has room for so many keys. */
const SIGNED_MAX = 100;
const loadSign = () => import('./signatures').then((module) => ({ default: module.SignDialog }));
const loadViews = () => import('./views');
const COLUMNS_SHOWN = 4;
const SELECTED_IN_ADDRESS = 50;
/** So that no head is cut: a letter of it, and the sign of the order with the space around. */
const LETTER = 7;
const HEAD_MORE = 30;
const WIDTHS: Record<string, number> = { text: 220, list: 200, enums: 170, vector: 150, ref: 190, levels: 200, answers: 260 };

const TITLE: AttrType = { name: 'title', type: 'text' };

/** Enter and leaving the field save, Esc does not. */
function CellEditor(props: { project: string; item: Item; attr: AttrType; done: (save: boolean) => void }) {
  const { item, attr } = props;
  const dropped = useRef(false);
  const isTitle = attr === TITLE;

  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === 'Escape') {
      dropped.current = true;
      props.done(false);
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      (event.target as HTMLElement).blur(); // which says what was typed
      props.done(true);
    }
  };
  const onValue = (value: AttrValue): void => {
    if (!dropped.current) void save(props.project, item, isTitle ? { title: String(value ?? '') } : { attrs: { [attr.name]: value } });
  };
  return (
    <div class="cell-editor" onKeyDown={onKeyDown}>
      <Field type={attr} value={isTitle ? item.title : item.attrs[attr.name]} hideLabel autoFocus onValue={onValue} />
    </div>
  );
}

function attrColumn(project: string, attr: AttrType, editable: boolean): GridColumn<Item> {
  const column: GridColumn<Item> = {
    id: attr.name,
    title: words(attr.name),
    width: Math.max(WIDTHS[attr.type] ?? 130, words(attr.name).length * LETTER + HEAD_MORE),
    sortable: true,
    cell: (item) => showValue(item.attrs[attr.name], attr.type),
  };
  if (editable && attr.type !== 'answers' && attr.type !== 'levels') column.edit = (item, done) => <CellEditor project={project} item={item} attr={attr} done={done} />;
  return column;
}

function columnsOf(project: string, kinds: Kind[], chosen: AttrType[], editable: boolean): GridColumn<Item>[] {
  const edit = (item: Item, done: (save: boolean) => void) => <CellEditor project={project} item={item} attr={TITLE} done={done} />;
  return [
    { id: 'key', title: t('item.key'), width: 90, sortable: true, cell: (item) => <KeyLink project={project} k={item.key} /> },
    ...(kinds.length === 1 ? [] : [{ id: 'kind', title: t('item.kind'), width: 140, sortable: true, cell: (item: Item) => words(item.kind) }]),
    { id: 'title', title: t('item.title'), width: 320, sortable: true, cell: (item) => item.title, ...(editable ? { edit } : {}) },
    { id: 'state', title: t('item.state'), width: 130, sortable: true, cell: (item) => <Tag name={item.state} /> },
    ...chosen.map((attr) => attrColumn(project, attr, editable)),
  ];
}

function ColumnMenu(props: { attrs: AttrType[]; chosen: AttrType[]; onChosen: (names: string[]) => void }) {
  const names = props.chosen.map((attr) => attr.name);
  return (
    <Menu label={t('grid.columns')}>
      {() => (
        <fieldset class="choices column">
          <legend class="hidden">{t('grid.columns')}</legend>
          {props.attrs.map((attr) => (
            <label key={attr.name} title={attr.help}>
              <input
                type="checkbox"
                checked={names.includes(attr.name)}
                onChange={() => props.onChosen(names.includes(attr.name) ? names.filter((name) => name !== attr.name) : [...names, attr.name])}
              />{' '}
              {words(attr.name)}
            </label>
          ))}
        </fieldset>
      )}
    </Menu>
  );
}

/** Without kinds, the items of all. */
export function ItemGrid(props: { project: string; kinds: string[]; label: string; what: string }) {
  const { project } = props;
  const model = useMetamodel();
  const [filter, setFilter] = useQuery('q');
  const [sort, setSort] = useQuery('sort');
  const [columnNames, setColumnNames] = useQuery('cols');
  const [picked, setPicked] = useQuery('sel');
  const [many, setMany] = useState<ReadonlySet<string> | null>(null);
  const [dialog, setDialog] = useState<'add' | 'bulk' | 'sign' | null>(null);
  const kinds = (props.kinds.length === 0 ? (model?.kinds ?? []) : props.kinds.map((name) => kindOf(model, name))).filter((kind) => kind !== null);
  const attrs = kinds.length === 1 ? kinds[0]!.attrs : [];
  const chosen = columnNames === '' ? listedAttrs(kinds.length === 1 ? kinds[0]! : null, COLUMNS_SHOWN) : attrs.filter((attr) => columnNames.split(',').includes(attr.name));
  const scope = props.kinds.map((name) => `kind:${name}`).join(' or ');
  const q = filter === '' ? scope : scope === '' ? filter : `(${scope}) (${filter})`;
  const pages = usePages<Item>(projectPath(project, 'items', { q, sort, limit: PAGE_ROWS }));
  const editable = may(project, 'write');
  const selected = many ?? new Set(picked === '' ? [] : picked.split(','));
  const columns = useMemo(() => columnsOf(project, kinds, chosen, editable), [project, model, columnNames, editable, props.label]);

  const select = (keys: ReadonlySet<string>): void => {
    const inAddress = keys.size <= SELECTED_IN_ADDRESS;
    setMany(inAddress ? null : keys);
    setPicked(inAddress ? [...keys].join(',') : '');
  };
  return (
    <div class="item-grid">
      <div class="toolbar">
        <FilterBox model={model} value={filter} onValue={setFilter} scope={scope} />
        {attrs.length > 0 && <ColumnMenu attrs={attrs} chosen={chosen} onChosen={(names) => setColumnNames(names.join(',') || '-')} />}
        <Lazy load={loadViews} with={{ project }} />
        {editable && kinds.length > 0 && (
          <button type="button" onClick={() => setDialog('add')}>
            {t('add.button')}
          </button>
        )}
        {editable && selected.size > 0 && attrs.length > 0 && (
          <button type="button" class="primary" disabled={selected.size > BULK_MAX} onClick={() => setDialog('bulk')}>
            {t('bulk.button', { n: selected.size })}
          </button>
        )}
        {may(project, 'change') && selected.size > 0 && (
          <button type="button" disabled={selected.size > SIGNED_MAX} onClick={() => setDialog('sign')}>
            {t('sign.button')}
          </button>
        )}
        <GridCount rows={pages.rows.length} total={pages.total} selected={selected.size} />
      </div>
      {pages.problem !== null && <ProblemView problem={pages.problem} />}
      {pages.loading ? (
        <Waiting />
      ) : pages.rows.length === 0 && pages.problem === null ? (
        <Empty title={t('list.empty', { what: props.label })} text={filter === '' ? props.what : t('list.no-match')}>
          {filter !== '' && (
            <button type="button" onClick={() => setFilter('')}>
              {t('filter.clear')}
            </button>
          )}
          {filter === '' && editable && kinds.length > 0 && (
            <button type="button" class="primary" onClick={() => setDialog('add')}>
              {t('add.button')}
            </button>
          )}
        </Empty>
      ) : (
        <Grid
          label={props.label}
          columns={columns}
          rows={pages.rows}
          rowKey={(item) => item.key}
          total={pages.total !== null && /^\d+$/.test(pages.total) ? Number(pages.total) : pages.more === null ? pages.rows.length : -1}
          more={pages.more}
          sort={sort}
          onSort={setSort}
          selected={selected}
          onSelect={select}
          onOpen={(item) => navigate(itemAddress(project, item.key))}
        />
      )}
      {dialog === 'add' && <AddItem project={project} kinds={kinds} onClose={() => setDialog(null)} />}
      {dialog === 'sign' && <Lazy load={loadSign} with={{ project, keys: [...selected], onClose: () => setDialog(null) }} />}
      {dialog === 'bulk' && <BulkEdit project={project} keys={[...selected]} attrs={attrs} onClose={() => setDialog(null)} />}
    </div>
  );
}
