// The queue of suspect links: what changed, old and new side by side, what lies downstream; confirm, update or defer.
import { useState } from 'preact/hooks';
import { projectPath, usePages, useRead } from '../api/cache';
import type { Reached, Suspect } from '../api/types';
import { date, dateTime, number, t, words } from '../i18n';
import { projectAddress, setQuery, useQuery } from '../router';
import { useMetamodel } from '../state/metamodel';
import { may } from '../state/session';
import { Empty, KeyLink, PageHead, type PageProps, Panel, ProblemView, Tag, Waiting } from '../ui/basics';
import { FieldChanges } from '../ui/fieldchanges';
import { FilterBox } from '../ui/filterbox';
import { JudgeAll } from '../ui/judgeall';
import { Judging } from '../ui/judging';
import '../i18n/en/suspects';

const DOWNSTREAM_MOST = 30;
const PAGE_ROWS = '200';
/** What fits every suspect: the filter of bulk confirmation when the queue has none. */
const ANY = 'suspect';
const nameOf = (row: Suspect): string => [row.link.from, row.link.type, row.link.to, row.link.as, row.end].join('/');
const linkText = (row: Suspect): string => `${row.link.from} ${words(row.link.type)} ${row.link.to}${row.link.as === '' ? '' : ` (${words(row.link.as)})`}`;

function Downstream(props: { project: string; k: string }) {
  const { data, problem, loading } = useRead<Reached[]>(projectPath(props.project, `items/${encodeURIComponent(props.k)}/impact`));
  if (problem !== null) return <ProblemView problem={problem} />;
  if (loading) return <Waiting />;
  return (
    <>
      <p>{t('suspects.reaches', { n: data?.length ?? 0 })}</p>
      <ul class="plain-list">
        {(data ?? []).slice(0, DOWNSTREAM_MOST).map((one) => (
          <li key={one.key}>
            <KeyLink project={props.project} k={one.key} /> {one.title} <span class="dim">{one.path.join(' › ')}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Detail(props: { project: string; row: Suspect; onStep: (by: number) => void }) {
  const { project, row } = props;
  const { because, other } = row;
  return (
    <>
      <Panel title={linkText(row)}>
        <p>
          <KeyLink project={project} k={because.key} /> {because.title} <Tag name={because.state} />{' '}
          {t('suspects.changed', { from: because.rev_judged, to: because.rev_now, fields: because.changed.map(words).join(', ') || '–', by: row.by ?? '–', time: dateTime(row.since) })}
        </p>
        <p>
          {t('suspects.look-at')} <KeyLink project={project} k={other.key} /> {other.title} <Tag name={other.state} /> · {row.owner ?? t('suspects.nobody')}
        </p>
        {row.deferred !== null && <p>{t('suspects.until-why', { until: row.deferred.until, by: row.deferred.by ?? '–', reason: row.deferred.reason })}</p>}
        {because.fields.length > 0 && <FieldChanges label={t('suspects.fields')} fields={because.fields} />}
      </Panel>
      {may(project, 'change') && (
        <Panel title={t('suspects.decide')}>
          <Judging key={nameOf(row)} project={project} row={row} onStep={props.onStep} />
        </Panel>
      )}
      <Panel title={t('suspects.downstream')}>
        <Downstream project={project} k={because.key} />
      </Panel>
    </>
  );
}

/** The filter of the queue, and what is done to all that fit. */
function Tools(props: { project: string; q: string; total: string; onFilter: (q: string) => void }) {
  const model = useMetamodel();
  const [open, setOpen] = useState(false);
  return (
    <div class="toolbar">
      <FilterBox model={model} value={props.q} onValue={props.onFilter} />
      {may(props.project, 'change') && props.total !== '0' && (
        <button type="button" onClick={() => setOpen(true)}>
          {t('judgeall.button', { total: props.total })}
        </button>
      )}
      {open && <JudgeAll project={props.project} q={props.q === '' ? ANY : props.q} onClose={() => setOpen(false)} />}
    </div>
  );
}

function Queue(props: { project: string; q: string; rows: Suspect[]; total: string; chosen: Suspect; more: (() => void) | null }) {
  const { project, q } = props;
  return (
    <Panel title={t('suspects.queue', { total: props.total })}>
      <ul class="plain-list">
        {props.rows.map((one) => (
          <li key={nameOf(one)}>
            <a href={projectAddress(project, 'suspects', { q, link: nameOf(one) })} aria-current={one === props.chosen ? 'true' : undefined}>
              {linkText(one)}
            </a>
            <p class="dim">
              {t('suspects.age', { n: one.age_days })} · {one.owner ?? t('suspects.nobody')}
              {one.deferred !== null && ` · ${t('suspects.later', { until: date(one.deferred.until) })}`}
            </p>
          </li>
        ))}
      </ul>
      {props.more !== null && (
        <button type="button" onClick={props.more}>
          {t('suspects.more', { n: props.rows.length })}
        </button>
      )}
    </Panel>
  );
}

export default function Suspects({ project }: PageProps) {
  const [chosen] = useQuery('link');
  const [q, setFilter] = useQuery('q');
  const pages = usePages<Suspect>(projectPath(project, 'suspects', { q, limit: PAGE_ROWS }));
  const rows = [...pages.rows].sort((a, b) => Number(a.deferred !== null) - Number(b.deferred !== null) || b.age_days - a.age_days);
  const total = pages.total ?? number(rows.length);
  const at = Math.max(rows.findIndex((row) => nameOf(row) === chosen), 0);
  const row = rows[at];
  const step = (by: number) => setQuery({ link: nameOf(rows[Math.min(Math.max(at + by, 0), rows.length - 1)]!) });
  return (
    <>
      <PageHead title={t('page.suspects')} note={t('suspects.note')} />
      <Tools project={project} q={q} total={total} onFilter={setFilter} />
      {pages.problem !== null && <ProblemView problem={pages.problem} />}
      {pages.loading && <Waiting />}
      {!pages.loading && pages.problem === null && row === undefined && <Empty title={t('suspects.none')} text={t(q === '' ? 'suspects.none-text' : 'list.no-match')} />}
      {row !== undefined && (
        <div class="two-panes">
          <Queue project={project} q={q} rows={rows} total={total} chosen={row} more={pages.more} />
          <div>
            <Detail project={project} row={row} onStep={step} />
          </div>
        </div>
      )}
    </>
  );
}
