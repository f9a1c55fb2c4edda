// How fresh the vulnerability feeds are, and asking their servers, for operators.
import { act } from '../api/edit';
import { API } from '../api/http';
import { useRead } from '../api/cache';
import { date, dateTime, number, t } from '../i18n';
import { session } from '../state/session';
import { useStore } from '../state/store';
import { toast } from '../state/toasts';
import { PageHead, Panel, ProblemView, Tag, Waiting } from '../ui/basics';
import { FeedsNote, type FeedsKnown } from '../ui/feedsknown';
import { Table } from '../ui/table';
import '../i18n/en/feeds';

interface Source {
  source: string;
  records: number;
  newest: string | null;
  age_days: number | null;
  limit_days: number | null;
  state: string;
  checked: string | null;
  problem: string | null;
  /** Of what is published with signatures. */
  signed?: { trusted: number; withdrawn: number; unknown: number; none: number };
}

export default function Feeds() {
  const now = useStore(session);
  const { data, problem, loading } = useRead<Source[]>(`${API}/feeds`);
  const health = useRead<{ feeds: FeedsKnown }>(`${API}/feeds/health`);
  const sync = async () => {
    if (await act('feeds/sync', { method: 'POST', json: {} })) toast(t('feeds.asked'));
  };
  return (
    <>
      <PageHead title={t('page.feeds')} note={t('feeds.note')}>
        {now.kind === 'in' && now.me.person.operator && (
          <button type="button" onClick={() => void sync()}>
            {t('feeds.sync')}
          </button>
        )}
      </PageHead>
      {health.data !== null && <FeedsNote project={null} feeds={health.data.feeds} />}
      {problem !== null && <ProblemView problem={problem} />}
      {loading && <Waiting />}
      {data !== null && (
        <Panel title={t('feeds.sources')}>
          <Table
            label={t('feeds.sources')}
            rows={data}
            rowKey={(row) => row.source}
            columns={[
              { title: t('feeds.source'), cell: (row) => row.source },
              { title: t('feeds.state'), cell: (row) => <Tag name={row.state} /> },
              { title: t('feeds.records'), cell: (row) => number(row.records) },
              { title: t('feeds.newest'), cell: (row) => (row.newest === null ? '–' : date(row.newest)) },
              { title: t('feeds.age'), cell: (row) => (row.age_days === null ? '–' : t('feeds.days', { n: row.age_days, most: row.limit_days ?? '–' })) },
              { title: t('feeds.checked'), cell: (row) => (row.checked === null ? '–' : dateTime(row.checked)) },
              { title: t('feeds.signed'), cell: (row) => (row.signed === undefined ? '–' : t('feeds.signed-by', row.signed)) },
              { title: t('feeds.problem'), cell: (row) => row.problem ?? '' },
            ]}
          />
        </Panel>
      )}
    </>
  );
}
