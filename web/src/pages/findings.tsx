// The queue of findings: which, on what, until when; one of them with its reason and what it does to the case; decisions, also many at once.
import { useRef, useState } from 'preact/hooks';
import { projectPath, useRead } from '../api/cache';
import type { Finding } from '../api/types';
import { date, t, words } from '../i18n';
import { kindOf, stateNames } from '../model/metamodel';
import { projectAddress, setQuery, useQuery } from '../router';
import { useMetamodel } from '../state/metamodel';
import { may } from '../state/session';
import { AddItem } from '../ui/additem';
import { Empty, KeyLink, PageHead, type PageProps, Panel, ProblemView, Tag, Ticket, Waiting } from '../ui/basics';
import { FeedHealth } from '../ui/feedsknown';
import { FilterBox } from '../ui/filterbox';
import { FindingImpact } from '../ui/findingimpact';
import { Acknowledge, FindingFacts, OPEN } from '../ui/findingrow';
import { Lazy } from '../ui/lazy';
import { useLetters } from '../ui/letters';
import { Triage } from '../ui/triage';
import '../i18n/en/findings';

const ROWS_MOST = 500;
const loadViews = () => import('../ui/views');
const windowOf = (row: Finding): string | null => {
  if (row.window !== null) return t('findings.window-chosen', { window: date(row.window) });
  return row.next_window === null ? null : t('findings.window', { window: date(row.next_window) });
};
const nameOf = (row: Finding): string => `${row.key}/${row.on ?? ''}`;

/** A change that resolves it: the way from a vulnerability to a patch that is approved, tested and closed. */
function AskForChange({ project, row }: { project: string; row: Finding }) {
  const [asking, setAsking] = useState(false);
  const kind = kindOf(useMetamodel(), 'change');
  const links = [{ type: 'resolves', to: row.key }, ...(row.on === null ? [] : [{ type: 'concerns', to: row.on }])];
  return (
    <div class="actions">
      <button type="button" disabled={kind === null} onClick={() => setAsking(true)}>
        {t('findings.change', { key: row.key })}
      </button>
      {asking && kind !== null && (
        <AddItem project={project} kinds={[kind]} proposed={{ title: t('findings.change-title', { title: row.title }), attrs: { nature: 'patch' }, links }} onClose={() => setAsking(false)} />
      )}
    </div>
  );
}

function Detail({ project, row }: { project: string; row: Finding }) {
  return (
    <>
      <Panel title={row.title}>
        <p>
          <KeyLink project={project} k={row.key} /> <Tag name={row.state} /> {row.on !== null && <KeyLink project={project} k={row.on} />} {row.on_title}
        </p>
        <FindingFacts row={row} />
        <dl class="attrs">
          <dt>{t('findings.why')}</dt>
          <dd style={{ whiteSpace: 'pre-line' }}>{row.reason ?? '–'}</dd>
          <dt>{t('findings.sources')}</dt>
          <dd>{row.sources?.join(', ') ?? '–'}</dd>
          <dt>{t('findings.decided')}</dt>
          <dd>{row.rationale ?? '–'}</dd>
          <dt>{t('findings.when')}</dt>
          <dd>
            {[row.due?.rule, words(row.treatment ?? 'undecided'), windowOf(row)].filter(Boolean).join(' · ')}
          </dd>
          <dt>{t('triage.owner')}</dt>
          <dd>
            {row.owner ?? '–'} {row.ticket !== null && <Ticket ticket={row.ticket} />}
          </dd>
        </dl>
        {may(project, 'write') && <AskForChange key={nameOf(row)} project={project} row={row} />}
      </Panel>
      <FindingImpact project={project} k={row.key} on={row.on} />
    </>
  );
}

function Row(props: { project: string; row: Finding; current: boolean; chosen: boolean; onChosen: (chosen: boolean) => void; query: Record<string, string> }) {
  const { project, row } = props;
  return (
    <li>
      <input type="checkbox" aria-label={t('findings.choose', { key: row.key })} checked={props.chosen} onChange={(event) => props.onChosen(event.currentTarget.checked)} />{' '}
      <a href={projectAddress(project, 'findings', { ...props.query, finding: nameOf(row) })} aria-current={props.current ? 'true' : undefined}>
        {row.key} {row.vulnerability} {row.on !== null && t('findings.on', { on: row.on })}
      </a>{' '}
      <Tag name={row.state} />
      <FindingFacts row={row} />
      <Acknowledge project={project} row={row} />
    </li>
  );
}

function Filters(props: { project: string; q: string; state: string; sort: string }) {
  const model = useMetamodel();
  const states = stateNames(kindOf(model, 'finding')).filter((name) => name !== 'retired');
  const choose = (name: string, value: string, options: [string, string][]) => (
    <select aria-label={t(`findings.${name}` as 'findings.state')} value={value} onChange={(event) => setQuery({ [name]: event.currentTarget.value || null, finding: null })}>
      {options.map(([key, text]) => (
        <option key={key} value={key}>
          {text}
        </option>
      ))}
    </select>
  );
  return (
    <div class="toolbar">
      <FilterBox model={model} value={props.q} scope="kind:finding" onValue={(value) => setQuery({ q: value || null, finding: null })} />
      {choose('state', props.state, [['', t('findings.open')], ['any', t('findings.any-state')], ...states.map((name): [string, string] => [name, words(name)])])}
      {choose('sort', props.sort, [['', t('findings.by-severity')], ['due,-severity', t('findings.by-due')], ['-epss,-severity', t('findings.by-epss')], ['key', t('findings.by-key')]])}
      <Lazy load={loadViews} with={{ project: props.project }} />
    </div>
  );
}

function NotHere(props: { project: string; name: string }) {
  const key = props.name.split('/')[0]!;
  return (
    <Empty title={t('findings.not-here', { name: props.name })} text={t('findings.not-here-text')}>
      <KeyLink project={props.project} k={key} />
    </Empty>
  );
}

/** The open ones where no state is asked for. */
function chosenBy(q: string, state: string): { q: string; state: string | null } {
  if (state !== '') return { q, state: state === 'any' ? null : state };
  return { q: q === '' ? OPEN : `(${q}) ${OPEN}`, state: null };
}

const indexOf = (rows: readonly Finding[], name: string): number => rows.findIndex((row) => nameOf(row) === name || row.key === name);

export default function Findings({ project }: PageProps) {
  const [at] = useQuery('finding');
  const [q] = useQuery('q');
  const [state] = useQuery('state');
  const [zone] = useQuery('zone');
  const [sort] = useQuery('sort');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const { data, problem, loading } = useRead<Finding[]>(projectPath(project, 'findings', { ...chosenBy(q, state), zone, sort: sort || '-kev,-severity,-score,key', limit: String(ROWS_MOST + 1) }));
  const rows = (data ?? []).slice(0, ROWS_MOST);
  const index = at === '' ? 0 : indexOf(rows, at);
  // what was just decided may no longer be in the list, and is still looked at; who follows a link must not take another for it
  const other = useRead<Finding[]>(at !== '' && data !== null && index < 0 ? projectPath(project, 'findings', { q: `key:${at.split('/')[0]}` }) : null);
  const row = rows[index] ?? other.data?.[indexOf(other.data, at)];
  const last = useRef(0);
  if (index >= 0) last.current = index;
  const step = (by: number) => {
    const next = index >= 0 ? index + by : by > 0 ? last.current : last.current - 1;
    if (rows.length > 0) setQuery({ finding: nameOf(rows[Math.min(Math.max(next, 0), rows.length - 1)]!) });
  };
  const mark = (key: string, on: boolean) => setChosen(new Set(on ? [...chosen, key] : [...chosen].filter((other) => other !== key)));
  const present = [...chosen].filter((key) => rows.some((one) => one.key === key));
  const keys = present.length > 0 ? present : row !== undefined ? [row.key] : [];

  useLetters({ j: () => step(1), k: () => step(-1), x: () => row !== undefined && mark(row.key, !chosen.has(row.key)), s: () => document.querySelector<HTMLElement>('select[name="state"]')?.focus() });
  return (
    <>
      <PageHead title={t('page.findings')} note={t('findings.note')} />
      <FeedHealth project={project} />
      <Filters project={project} q={q} state={state} sort={sort} />
      {problem !== null && <ProblemView problem={problem} />}
      {loading && <Waiting />}
      {data?.length === 0 && at === '' && <Empty title={t('findings.none')} text={t('findings.none-text')} />}
      {data !== null && (rows.length > 0 || at !== '') && (
        <div class="two-panes">
          <Panel title={t(state === '' ? 'findings.queue-open' : 'findings.queue', { n: rows.length })}>
            <p class="dim">{t('findings.keys')}</p>
            <ul class="plain-list">
              {rows.map((one) => (
                <Row key={nameOf(one)} project={project} row={one} current={one === row} chosen={chosen.has(one.key)} onChosen={(on) => mark(one.key, on)} query={{ q, state, zone, sort }} />
              ))}
            </ul>
            {data !== null && data.length > ROWS_MOST && <p class="dim">{t('findings.first', { n: ROWS_MOST })}</p>}
          </Panel>
          <div class="side">
            {keys.length > 0 && may(project, 'change') && (
              <Panel title={present.length > 0 ? t('triage.many', { n: present.length }) : t('triage.one', { key: keys[0]! })}>
                <Triage key={keys.join()} project={project} keys={keys} onDone={() => setChosen(new Set())} />
              </Panel>
            )}
            {row !== undefined ? <Detail project={project} row={row} /> : other.loading ? <Waiting /> : <NotHere project={project} name={at} />}
          </div>
        </div>
      )}
    </>
  );
}
