// The trace matrix of any two kinds: what is linked, what follows over the chain, and what is missing.
import { projectPath, usePages } from '../api/cache';
import type { MatrixPage } from '../api/types';
import { number, t, words } from '../i18n';
import { marksOf } from '../model/matrix';
import { setQuery, useQuery } from '../router';
import { useMetamodel } from '../state/metamodel';
import { Empty, KeyLink, PageHead, type PageProps, Panel, ProblemView, Waiting } from '../ui/basics';
import { Connection } from '../ui/connection';
import { FilterBox } from '../ui/filterbox';
import { TraceGrid } from '../ui/tracegrid';
import '../i18n/en/impact';

const PAGE_ROWS = '200';
const ROWS_KIND = 'requirement';
const COLUMNS_KIND = 'countermeasure';
const GAPS = ['rows', 'columns'] as const;

function KindChoice(props: { label: string; value: string; onValue: (kind: string) => void }) {
  const model = useMetamodel();
  return (
    <select aria-label={props.label} value={props.value} onChange={(event) => props.onValue(event.currentTarget.value)}>
      {(model?.kinds ?? []).map((kind) => (
        <option key={kind.name} value={kind.name}>
          {kind.title}
        </option>
      ))}
    </select>
  );
}

function Pair(props: { project: string; pages: MatrixPage[]; chosen: string }) {
  const { project, pages } = props;
  const [row = '', column = ''] = props.chosen.split(' ');
  const place = pages[0]!.columns.findIndex((one) => one.key === column);
  const found = pages.flatMap((page) => page.rows).find((one) => one.key === row);
  const mark = found === undefined ? undefined : marksOf(found).get(place);
  return (
    <Panel title={t('matrix.pair', { row, column })}>
      <p>
        <KeyLink project={project} k={row} /> {found?.title} · <KeyLink project={project} k={column} /> {pages[0]!.columns[place]?.title}
      </p>
      <p>{mark === undefined ? t('matrix.nothing') : t(mark.how === 'direct' ? 'matrix.direct' : 'matrix.derived')}</p>
      {mark !== undefined && <Connection project={project} from={row} to={column} chain={mark.how === 'derived'} />}
    </Panel>
  );
}

export default function Matrix({ project }: PageProps) {
  const model = useMetamodel();
  const [from, setFrom] = useQuery('from', ROWS_KIND);
  const [to, setTo] = useQuery('to', COLUMNS_KIND);
  const [q, setRows] = useQuery('q');
  const [filter, setColumns] = useQuery('filter');
  const [gaps, setGaps] = useQuery('gaps');
  const [chosen] = useQuery('sel');
  const query = { from, to, q, filter, gaps };
  const pages = usePages<MatrixPage>(projectPath(project, 'trace-matrix', { ...query, limit: PAGE_ROWS }));
  const first = pages.rows[0];
  const rows = pages.rows.flatMap((page) => page.rows);
  const isEmpty = first !== undefined && (rows.length === 0 || first.columns.length === 0);
  return (
    <>
      <PageHead title={t('page.matrix')} note={t('matrix.note')}>
        <a class="button" download href={projectPath(project, 'trace-matrix.xlsx', query)}>
          {t('matrix.xlsx')}
        </a>
      </PageHead>
      <div class="toolbar">
        <KindChoice label={t('matrix.rows')} value={from} onValue={setFrom} />
        <span aria-hidden="true">×</span>
        <KindChoice label={t('matrix.columns')} value={to} onValue={setTo} />
        <select aria-label={t('matrix.gaps')} value={gaps} onChange={(event) => setGaps(event.currentTarget.value)}>
          <option value="">{t('matrix.all')}</option>
          {GAPS.map((one) => (
            <option key={one} value={one}>
              {t(`matrix.gaps-${one}`)}
            </option>
          ))}
        </select>
        <FilterBox model={model} value={q} onValue={setRows} scope={`kind:${from}`} label={t('matrix.filter-rows')} />
        <FilterBox model={model} value={filter} onValue={setColumns} scope={`kind:${to}`} label={t('matrix.filter-columns')} />
      </div>
      {pages.problem !== null && <ProblemView problem={pages.problem} />}
      {pages.loading && <Waiting />}
      {isEmpty && <Empty title={t(gaps === '' ? 'matrix.none' : 'matrix.no-gaps')} text={t(gaps === '' ? 'matrix.none-text' : 'matrix.no-gaps-text')} />}
      {first !== undefined && !isEmpty && (
        <>
          <p class="dim" role="status">
            {t('matrix.count', { rows: number(first.count), from: words(from), columns: number(first.columns.length), to: words(to) })}
          </p>
          <TraceGrid
            key={Object.values(query).join('\n')}
            label={t('page.matrix')}
            columns={first.columns}
            rows={rows}
            total={first.count}
            more={pages.more}
            chosen={chosen}
            onChoose={(row, column) => setQuery({ sel: `${row} ${column}` })}
          />
          {chosen !== '' && <Pair project={project} pages={pages.rows} chosen={chosen} />}
        </>
      )}
    </>
  );
}
