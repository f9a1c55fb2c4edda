// Reports: chosen, previewed, made as a job that shows how far it is, or issued: kept to be signed and compared.
import { useState } from 'preact/hooks';
import { invalidate, projectPath, useRead } from '../api/cache';
import { send } from '../api/http';
import { jobs } from '../api/live';
import { problemFrom, type Problem } from '../api/problem';
import type { Item, Job, ReportType } from '../api/types';
import { dateTime, t } from '../i18n';
import { address, setQuery, useQuery } from '../router';
import { may } from '../state/session';
import { useStore } from '../state/store';
import { Empty, KeyLink, PageHead, type PageProps, Panel, ProblemView, Tag, To, Waiting } from '../ui/basics';
import { isOver, JobView, useJob } from '../ui/progress';
import { OrderForm, type ReportOrder, useOrder } from '../ui/reportorder';
import { Table } from '../ui/table';
import '../i18n/en/item';
import '../i18n/en/log';
import '../i18n/en/reports';

const ISSUED_MOST = '200';
const fileOf = (job: Job): string => `/api/v1/jobs/${encodeURIComponent(job.id)}/file`;

/** Reports that I had made of this project, newest first: as they were listed, with what came since. */
function useMade(project: string): Job[] {
  const { data } = useRead<Job[]>('/api/v1/jobs');
  const live = useStore(jobs);
  const all = new Map([...(data ?? []).map((job) => [job.id, job] as const), ...live]);
  return [...all.values()].filter((job) => job.kind === 'report' && job.project === project && job.state === 'done').sort((a, b) => b.created.localeCompare(a.created));
}

function Made(props: { project: string }) {
  const made = useMade(props.project);
  if (made.length === 0) return null;
  return (
    <Panel title={t('reports.made')}>
      <Table
        label={t('reports.made')}
        rows={made}
        rowKey={(job) => job.id}
        columns={[
          { title: t('audit.time'), cell: (job) => dateTime(job.created) },
          { title: t('item.state'), cell: (job) => <Tag name={job.state} /> },
          {
            title: t('reports.file'),
            cell: (job) => (
              <a href={fileOf(job)} download={job.file ?? ''}>
                {job.file}
              </a>
            ),
          },
        ]}
      />
    </Panel>
  );
}

function Issued(props: { project: string }) {
  const { data, problem } = useRead<Item[]>(projectPath(props.project, 'items', { q: 'kind:report', sort: '-key', limit: ISSUED_MOST }));
  if (problem !== null) return <ProblemView problem={problem} />;
  return (
    <Panel
      title={t('reports.issued')}
      aside={
        <To project={props.project} path="report-compare">
          {t('reports.compare')}
        </To>
      }
    >
      {data?.length === 0 && <p class="dim">{t('reports.issued-none')}</p>}
      {data !== null && data.length > 0 && (
        <Table
          label={t('reports.issued')}
          rows={data}
          rowKey={(item) => item.key}
          columns={[
            { title: t('reports.key'), cell: (item) => <KeyLink project={props.project} k={item.key} /> },
            { title: t('reports.title'), cell: (item) => item.title },
            { title: t('reports.format'), cell: (item) => String(item.attrs['format'] ?? '–').toUpperCase() },
            { title: t('reports.commit'), cell: (item) => String(item.attrs['commit'] ?? '–') },
            { title: t('item.state'), cell: (item) => <Tag name={item.state} /> },
          ]}
        />
      )}
    </Panel>
  );
}

/** What became of the order: how far it is, then the file, or the item that was issued. */
function Outcome({ project, job }: { project: string; job: Job }) {
  const issued = job.kind === 'report.issue' && job.state === 'done' ? String(job.result?.['key'] ?? '') : '';
  return (
    <Panel title={t('reports.this')}>
      <JobView job={job} />
      {issued !== '' && (
        <p>
          {t('reports.issued-as')} <KeyLink project={project} k={issued} />
        </p>
      )}
      {job.kind === 'report' && job.state === 'done' && (
        <div class="actions">
          <a class="button primary" href={fileOf(job)} download={job.file ?? ''}>
            {t('reports.download')}
          </a>
        </div>
      )}
    </Panel>
  );
}

/** Starts a job of the order; the address keeps which. */
function useStart(project: string, order: ReportOrder): { refused: Problem | null; start: (kind: 'report' | 'report.issue') => Promise<void> } {
  const [at] = useQuery('at');
  const [refused, setRefused] = useState<Problem | null>(null);
  const start = async (kind: 'report' | 'report.issue'): Promise<void> => {
    setRefused(null);
    try {
      const said = Object.entries({ ...order, at }).filter(([, value]) => value.length > 0);
      const answer = await send<{ job: string }>('jobs', { method: 'POST', json: { kind, input: { project, ...Object.fromEntries(said) } } });
      setQuery({ job: answer.data.job }, false);
      invalidate(project);
    } catch (error) {
      setRefused(problemFrom(error));
    }
  };
  return { refused, start };
}

function Wizard({ project, reports }: { project: string; reports: ReportType[] }) {
  const [at] = useQuery('at');
  const [jobId] = useQuery('job');
  const job = useJob(jobId === '' ? null : jobId);
  const { order, report } = useOrder(reports);
  const { refused, start } = useStart(project, order);
  const { type, format, ...scope } = order;
  const busy = report === null || (job !== null && !isOver(job));
  return (
    <>
      <Panel title={t('reports.choose')}>
        <OrderForm project={project} reports={reports} report={report} order={order}>
          <div class="actions">
            <button type="button" class="primary" disabled={busy} onClick={() => void start('report')}>
              {t('reports.make')}
            </button>
            <a class="button" target="_blank" rel="noreferrer" data-plain href={address(`/reports/${type}.html`, { project, at, ...scope })}>
              {t('reports.preview')}
            </a>
            {may(project, 'change') && (
              <button type="button" disabled={busy} onClick={() => void start('report.issue')}>
                {t('reports.issue', { format: format.toUpperCase() })}
              </button>
            )}
          </div>
        </OrderForm>
        {refused !== null && <ProblemView problem={refused} />}
      </Panel>
      {job !== null && <Outcome project={project} job={job} />}
    </>
  );
}

export default function Reports({ project }: PageProps) {
  const { data, problem, loading } = useRead<ReportType[]>('/api/v1/reports');
  return (
    <>
      <PageHead title={t('page.reports')} note={t('reports.note')} />
      {problem !== null && <ProblemView problem={problem} />}
      {loading && <Waiting />}
      {data?.length === 0 && <Empty title={t('reports.none')} text={t('reports.none')} />}
      {data !== null && data.length > 0 && <Wizard project={project} reports={data} />}
      <Issued project={project} />
      <Made project={project} />
    </>
  );
}
