// Who did what, when, from where and why: the log, searched; and the verifier, which computes every hash of it again.
import { useState } from 'preact/hooks';
import { projectPath, usePages } from '../api/cache';
import { request } from '../api/http';
import { type Problem, problemFrom } from '../api/problem';
import type { AttrValue, LogAct, LogEntry, Verified } from '../api/types';
import { dateTime, number, t, words } from '../i18n';
import { setQuery, useQuery } from '../router';
import { Empty, KeyLink, PageHead, type PageProps, Panel, ProblemView, Tag, Waiting } from '../ui/basics';
import { FieldChanges } from '../ui/fieldchanges';
import { Input } from '../ui/form';
import '../i18n/en/log';
import '../i18n/en/people';
import '../i18n/en/suspects';

const PAGE_ROWS = '100';
const FILTERS = ['item', 'person', 'action', 'since', 'q'] as const;
const shown = (value: AttrValue | undefined): string => (value === null || value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value));

function Search(props: { values: Record<(typeof FILTERS)[number], string> }) {
  const { values } = props;
  return (
    <form
      class="row-form three"
      key={Object.values(values).join('\n')}
      onSubmit={(event) => {
        event.preventDefault();
        const given = new FormData(event.currentTarget);
        setQuery(Object.fromEntries(FILTERS.map((name) => [name, String(given.get(name)).trim() || null])), false);
      }}
    >
      <Input name="item" label={t('log.item')} value={values.item} required={false} hint={t('log.item-hint')} />
      <Input name="person" label={t('access.person')} value={values.person} required={false} />
      <Input name="action" label={t('log.action')} value={values.action} required={false} hint={t('log.action-hint')} />
      <Input name="since" label={t('log.since')} value={values.since} required={false} hint={t('log.since-hint')} />
      <Input name="q" label={t('log.text')} value={values.q} required={false} />
      <div class="actions">
        <button type="submit" class="primary">
          {t('log.search')}
        </button>
        {values.item !== '' && (
          <button type="button" onClick={() => setQuery({ action: 'accepted_risk' }, false)}>
            {t('log.who-accepted', { key: values.item })}
          </button>
        )}
      </div>
    </form>
  );
}

function Act(props: { project: string; commit: number; act: LogAct }) {
  const { project, commit, act } = props;
  return (
    <li>
      <strong>{words(act.what)}</strong> {act.key !== undefined && <KeyLink project={project} k={act.key} />} {act.title}
      {act.from !== undefined && (
        <>
          <KeyLink project={project} k={act.from} /> {words(act.type ?? '')} <KeyLink project={project} k={act.to ?? ''} />
        </>
      )}
      {act.from === undefined && act.to !== undefined && <Tag name={act.to} />}
      {act.meaning !== undefined && t('log.signed', { meaning: words(act.meaning), role: words(act.role ?? ''), reason: act.reason ?? '' })}
      {act.changes === undefined && act.fields !== undefined && <span class="dim"> {act.fields.map(words).join(', ')}</span>}
      {act.changes !== undefined && act.changes.length > 0 && <FieldChanges label={`${t('log.commit', { n: commit })}: ${words(act.what)} ${act.key ?? ''}`} fields={act.changes} />}
      {act.signed !== undefined && (
        <details>
          <summary>{t('log.basis')}</summary>
          <dl class="log-signed">
            {Object.entries(act.signed).map(([name, value]) => (
              <div key={name}>
                <dt>{words(name)}</dt>
                <dd>{shown(value)}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </li>
  );
}

function Entry(props: { project: string; entry: LogEntry }) {
  const { project, entry } = props;
  const left = entry.operations - entry.acts.length;
  return (
    <li>
      <p>
        <strong>{t('log.commit', { n: entry.commit })}</strong> {dateTime(entry.time)} · {entry.full_name ?? entry.by ?? t('suspects.nobody')} · {t('log.by-way', { origin: words(entry.origin) })}
        {entry.editorial && ` · ${t('log.editorial')}`}
      </p>
      {entry.message !== null && entry.message !== '' && <p>{entry.message}</p>}
      <ul class="log-acts">
        {entry.acts.map((act, i) => (
          <Act key={i} project={project} commit={entry.commit} act={act} />
        ))}
      </ul>
      {left > 0 && <p class="dim">{t('log.others', { n: left })}</p>}
    </li>
  );
}

function Verifier({ project }: { project: string }) {
  const [state, setState] = useState<{ busy: boolean; found: Verified | null; problem: Problem | null }>({ busy: false, found: null, problem: null });
  const run = async (): Promise<void> => {
    setState({ busy: true, found: null, problem: null });
    try {
      const answer = await request<Verified>(projectPath(project, 'verify', { at: null }));
      setState({ busy: false, found: answer?.data ?? null, problem: null });
    } catch (error) {
      setState({ busy: false, found: null, problem: problemFrom(error) });
    }
  };
  return (
    <Panel title={t('log.verifier')}>
      <p>{t('log.verifier-text')}</p>
      <div class="actions">
        <button type="button" disabled={state.busy} onClick={() => void run()}>
          {t('log.verify')}
        </button>
      </div>
      {state.busy && <Waiting />}
      {state.problem !== null && <ProblemView problem={state.problem} />}
      {state.found !== null && (
        <div role="status">
          <p class={state.found.ok ? '' : 'bad'}>
            {state.found.ok ? '✓ ' : '▼ '}
            {t(state.found.ok ? 'log.holds' : 'log.holds-not', { n: number(state.found.commits ?? 0) })}
          </p>
          <p>
            {t('log.root')} <code class="hash">{state.found.root}</code>
          </p>
          <ul class="plain-list">
            {state.found.problems.map((one) => (
              <li key={`${one.where} ${one.message}`} class="bad">
                {one.where}: {one.message}
              </li>
            ))}
          </ul>
        </div>
      )}
    </Panel>
  );
}

export default function Log({ project }: PageProps) {
  const [item] = useQuery('item');
  const [person] = useQuery('person');
  const [action] = useQuery('action');
  const [since] = useQuery('since');
  const [q] = useQuery('q');
  const keys = item.split(/[\s,]+/).filter((key) => key !== '');
  const pages = usePages<LogEntry>(projectPath(project, 'log', { keys, person, action, since, q, limit: PAGE_ROWS }));
  return (
    <>
      <PageHead title={t('page.log')} note={t('log.note')} />
      <Panel title={t('log.search')}>
        <Search values={{ item, person, action, since, q }} />
      </Panel>
      <Verifier project={project} />
      {pages.problem !== null && <ProblemView problem={pages.problem} />}
      {pages.loading && <Waiting />}
      {!pages.loading && pages.problem === null && pages.rows.length === 0 && pages.more === null && <Empty title={t('log.none')} text={t('log.none-text')} />}
      {pages.rows.length > 0 && (
        <Panel title={t('log.commits')}>
          <ol class="plain-list">
            {pages.rows.map((entry) => (
              <Entry key={entry.commit} project={project} entry={entry} />
            ))}
          </ol>
        </Panel>
      )}
      {pages.more !== null && (
        <div class="actions">
          <button type="button" onClick={pages.more}>
            {t('audit.older')}
          </button>
        </div>
      )}
    </>
  );
}
