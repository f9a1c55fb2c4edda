// What was done to access and refused, newest first: of the project, or of the installation for operators.
import { projectPath, useRead } from '../api/cache';
import { dateTime, t, words } from '../i18n';
import { address, setQuery, useQuery } from '../router';
import { may, session } from '../state/session';
import { useStore } from '../state/store';
import { Empty, PageHead, type PageProps, Panel, ProblemView, Waiting } from '../ui/basics';
import { Input } from '../ui/form';
import { Table } from '../ui/table';
import '../i18n/en/log';
import '../i18n/en/people';

interface Entry {
  no: number;
  time: string;
  person: string | null;
  action: string;
  project: string | null;
  object: string | null;
  address: string | null;
  outcome: string;
}

const SHOWN = '200';
const FILTERS = ['person', 'action', 'q', 'from', 'to'] as const;
type Filters = Record<(typeof FILTERS)[number], string>;

function Search({ values }: { values: Filters }) {
  return (
    <form
      class="row-form three"
      key={Object.values(values).join('\n')}
      onSubmit={(event) => {
        event.preventDefault();
        const given = new FormData(event.currentTarget);
        setQuery({ before: null, ...Object.fromEntries(FILTERS.map((name) => [name, String(given.get(name)).trim() || null])) }, false);
      }}
    >
      <Input name="person" label={t('access.person')} value={values.person} required={false} />
      <Input name="action" label={t('audit.action')} value={values.action} required={false} hint={t('audit.action-hint')} />
      <Input name="q" label={t('audit.object')} value={values.q} required={false} />
      <Input name="from" label={t('audit.from')} value={values.from} required={false} hint={t('audit.day-hint')} />
      <Input name="to" label={t('audit.to')} value={values.to} required={false} hint={t('audit.day-hint')} />
      <div class="actions">
        <button type="submit" class="primary">
          {t('log.search')}
        </button>
      </div>
    </form>
  );
}

export default function Audit({ project }: PageProps) {
  const now = useStore(session);
  const [before, setBefore] = useQuery('before');
  const whole = project === '';
  const allowed = now.kind === 'in' && (now.me.person.operator || (!whole && may(project, 'audit')));
  const filters: Filters = { person: useQuery('person')[0], action: useQuery('action')[0], q: useQuery('q')[0], from: useQuery('from')[0], to: useQuery('to')[0] };
  const query = { most: SHOWN, before, ...filters };
  const path = whole ? address('/api/v1/audit/all', query) : projectPath(project, 'audit', { at: null, ...query });
  const { data, problem, loading } = useRead<Entry[]>(allowed ? path : null);

  if (!allowed) return <Empty title={t('audit.not-allowed')} text={t('audit.not-allowed-text')} />;
  return (
    <>
      <PageHead title={t('page.audit')} note={t(whole ? 'audit.note-all' : 'audit.note')} />
      <Panel title={t('log.search')}>
        <Search values={filters} />
      </Panel>
      {problem !== null && <ProblemView problem={problem} />}
      {loading && <Waiting />}
      {data?.length === 0 && <Empty title={t('audit.none')} text={t('audit.none-text')} />}
      {data !== null && data.length > 0 && (
        <Panel title={t('page.audit')}>
          <Table
            label={t('page.audit')}
            rows={data}
            rowKey={(entry) => String(entry.no)}
            columns={[
              { title: t('audit.time'), cell: (entry) => <span class="nowrap">{dateTime(entry.time)}</span> },
              { title: t('access.person'), cell: (entry) => entry.person ?? '' },
              { title: t('audit.action'), cell: (entry) => words(entry.action.replaceAll('.', ' ')) },
              { title: t('audit.object'), cell: (entry) => entry.object ?? '' },
              ...(whole ? [{ title: t('account.project'), cell: (entry: Entry) => entry.project ?? '' }] : []),
              { title: t('audit.address'), cell: (entry) => entry.address ?? '' },
              { title: t('audit.outcome'), cell: (entry) => <span class={entry.outcome === 'ok' ? '' : 'bad'}>{entry.outcome === 'ok' ? '✓ ' : '▼ '}{words(entry.outcome)}</span> },
            ]}
          />
          <div class="actions">
            {before !== '' && (
              <button type="button" onClick={() => setBefore('')}>
                {t('audit.newest')}
              </button>
            )}
            {data.length === Number(SHOWN) && (
              <button type="button" onClick={() => setBefore(String(data.at(-1)?.no ?? ''))}>
                {t('audit.older')}
              </button>
            )}
          </div>
        </Panel>
      )}
    </>
  );
}
