// How fresh the vulnerability feeds are; asking their servers and taking their files, for operators. The job is in the address, so
// that a reload finds it again.
import { useEffect } from 'preact/hooks';
import { invalidate, useRead } from '../api/cache';
import { API, send } from '../api/http';
import { problemFrom } from '../api/problem';
import { date, dateTime, number, t } from '../i18n';
import { setQuery, useQuery } from '../router';
import { session } from '../state/session';
import { useStore } from '../state/store';
import { toast } from '../state/toasts';
import { PageHead, Panel, ProblemView, Tag, Waiting } from '../ui/basics';
import { FeedFiles } from '../ui/feedfiles';
import { FeedsNote, type FeedsKnown } from '../ui/feedsknown';
import { isOver, JobView, useJob } from '../ui/progress';
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

/** How far the servers are asked, and how that ended. */
function Asked({ id }: { id: string }) {
  const job = useJob(id);
  const over = job !== null && isOver(job);
  // what the table says of each feed has changed, too, where asking failed
  useEffect(() => {
    if (over) invalidate();
  }, [over]);
  return <Panel title={t('feeds.asking')}>{job === null ? <Waiting /> : <JobView job={job} />}</Panel>;
}

async function ask(): Promise<void> {
  try {
    const answer = await send<{ job: string }>('feeds/sync', { method: 'POST', json: {} });
    setQuery({ job: answer.data.job }, false);
  } catch (error) {
    toast(problemFrom(error).message, { tone: 'bad' });
  }
}

export default function Feeds() {
  const now = useStore(session);
  const operator = now.kind === 'in' && now.me.person.operator;
  const [job] = useQuery('job');
  const { data, problem, loading } = useRead<Source[]>(`${API}/feeds`);
  const health = useRead<{ feeds: FeedsKnown }>(`${API}/feeds/health`);
  return (
    <>
      <PageHead title={t('page.feeds')} note={t('feeds.note')}>
        {operator && (
          <button type="button" onClick={() => void ask()}>
            {t('feeds.sync')}
          </button>
        )}
      </PageHead>
      {health.data !== null && <FeedsNote project={null} feeds={health.data.feeds} />}
      {operator && job !== '' && <Asked id={job} />}
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
      {operator && <FeedFiles />}
    </>
  );
}
