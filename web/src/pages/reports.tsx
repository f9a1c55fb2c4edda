// Reports: chosen, made as a job that shows how far it is, then looked at and kept. What was made before is listed below.
import { useState } from 'preact/hooks';
import { projectPath, useRead } from '../api/cache';
import { send } from '../api/http';
import { jobs } from '../api/live';
import { problemFrom, type Problem } from '../api/problem';
import type { Item, Job, ReportType } from '../api/types';
import { dateTime, t } from '../i18n';
import { compareKeys } from '../model/metamodel';
import { address, setQuery, useQuery } from '../router';
import { useStore } from '../state/store';
import { Empty, PageHead, type PageProps, Panel, ProblemView, Tag, Waiting } from '../ui/basics';
import { JobView, useJob } from '../ui/progress';
import { Table } from '../ui/table';
import '../i18n/en/item';
import '../i18n/en/log';
import '../i18n/en/reports';
import '../i18n/en/trace';

const FORMATS = ['html', 'json'];
const PLACES = 'kind:zone or kind:conduit';
const PLACES_MAX = '1000';

const fileOf = (job: Job): string => `/api/v1/jobs/${encodeURIComponent(job.id)}/file`;

function usePlaces(project: string): Item[] {
  const { data } = useRead<Item[]>(projectPath(project, 'items', { q: PLACES, fields: 'title,kind', limit: PLACES_MAX }));
  return [...(data ?? [])].sort((a, b) => compareKeys(a.key, b.key));
}

interface Order {
  type: string;
  place: string;
  format: string;
}

function Choice(props: { project: string; reports: ReportType[]; order: Order; busy: boolean; onMake: () => void }) {
  const { order } = props;
  const places = usePlaces(props.project);
  const chosen = props.reports.find((report) => report.type === order.type);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        props.onMake();
      }}
    >
      <fieldset class="choices column">
        <legend>{t('reports.which')}</legend>
        {props.reports.map((report) => (
          <label key={report.type} class="choice">
            <input type="radio" name="report" checked={report.type === order.type} onChange={() => setQuery({ type: report.type })} />
            <span>
              <strong>{report.title}</strong>
              <br />
              <span class="dim">{report.summary}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div class="row-form three">
        <div class="field">
          <label for="report-place">{t('coverage.place')}</label>
          <select id="report-place" value={order.place} onChange={(event) => setQuery({ zone: event.currentTarget.value })}>
            <option value="">{t('all')}</option>
            {places.map((place) => (
              <option key={place.key} value={place.key}>
                {place.key} {place.title}
              </option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for="report-format">{t('reports.format')}</label>
          <select id="report-format" value={order.format} onChange={(event) => setQuery({ format: event.currentTarget.value })}>
            {(chosen?.formats ?? FORMATS).map((format) => (
              <option key={format} value={format}>
                {format.toUpperCase()}
              </option>
            ))}
          </select>
        </div>
      </div>
      <div class="actions">
        <button type="submit" class="primary" disabled={props.busy || chosen === undefined}>
          {t('reports.make')}
        </button>
      </div>
    </form>
  );
}

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

export default function Reports({ project }: PageProps) {
  const [at] = useQuery('at');
  const [jobId] = useQuery('job');
  const [zone] = useQuery('zone');
  const [format] = useQuery('format', 'html');
  const { data, problem, loading } = useRead<ReportType[]>('/api/v1/reports');
  const [type] = useQuery('type', data?.[0]?.type ?? '');
  const [refused, setRefused] = useState<Problem | null>(null);
  const job = useJob(jobId === '' ? null : jobId);
  const order = { type, place: zone, format };

  const make = async (): Promise<void> => {
    setRefused(null);
    try {
      const input = { project, type, format, ...(zone === '' ? {} : { zone }), ...(at === '' ? {} : { at }) };
      const answer = await send<{ job: string }>('jobs', { method: 'POST', json: { kind: 'report', input } });
      setQuery({ job: answer.data.job }, false);
    } catch (error) {
      setRefused(problemFrom(error));
    }
  };
  return (
    <>
      <PageHead title={t('page.reports')} note={t('reports.note')} />
      {problem !== null && <ProblemView problem={problem} />}
      {loading && <Waiting />}
      {data?.length === 0 && <Empty title={t('reports.none')} text={t('reports.none')} />}
      {data !== null && data.length > 0 && (
        <Panel title={t('reports.choose')}>
          <Choice project={project} reports={data} order={order} busy={job !== null && (job.state === 'queued' || job.state === 'running')} onMake={() => void make()} />
          {refused !== null && <ProblemView problem={refused} />}
        </Panel>
      )}
      {job !== null && (
        <Panel title={t('reports.this')}>
          <JobView job={job} />
          {job.state === 'done' && (
            <div class="actions">
              <a class="button primary" href={fileOf(job)} download={job.file ?? ''}>
                {t('reports.download')}
              </a>
              <a class="button" target="_blank" rel="noreferrer" data-plain href={address(`/reports/${type}.html`, { project, at, zone })}>
                {t('reports.open')}
              </a>
            </div>
          )}
        </Panel>
      )}
      <Made project={project} />
    </>
  );
}
