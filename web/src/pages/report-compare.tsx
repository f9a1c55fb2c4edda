// Two issued reports, or baselines, against each other: levels, findings, coverage, and the commits between them.
import { projectPath, useRead } from '../api/cache';
import type { Baseline, Item } from '../api/types';
import { COMPARED_METRICS, type FindingMoved, type ReportsCompared, type ReportSide } from '../api/types-compare';
import { dateTime, t, words } from '../i18n';
import { useQuery } from '../router';
import { Empty, KeyLink, PageHead, type PageProps, Panel, ProblemView, To, Waiting } from '../ui/basics';
import { Chooser } from '../ui/chooser';
import { CoverageChanges, LevelChanges, StatusChanges } from '../ui/statediff';
import { Table } from '../ui/table';
import '../i18n/en/impact';
import '../i18n/en/reports';

const REPORTS_MOST = '200';

function Side({ project, side }: { project: string; side: ReportSide }) {
  return (
    <li>
      {side.report !== null && <KeyLink project={project} k={side.report} />} {t('compare.commit', { n: side.commit, time: dateTime(side.instant) })}{' '}
      <span class="dim">{t('compare.scope', { scope: side.scope.length === 0 ? t('compare.scope-all') : side.scope.join(', ') })}</span>
    </li>
  );
}

function Findings({ project, findings }: { project: string; findings: FindingMoved[] }) {
  return (
    <Panel title={t('compare.findings', { n: findings.length })}>
      {findings.length > 0 && (
        <Table
          label={t('compare.findings', { n: findings.length })}
          rows={findings}
          rowKey={(one) => one.key}
          columns={[
            {
              title: t('compare.finding'),
              cell: (one) => (
                <>
                  <KeyLink project={project} k={one.key} /> {one.vulnerability} {one.title}
                </>
              ),
            },
            { title: t('compare.what'), cell: (one) => words(one.change) },
            { title: t('compare.severity'), cell: (one) => words(one.severity ?? 'unknown') },
            { title: t('compare.state'), cell: (one) => [one.from, one.to].map((state) => (state === null ? '–' : words(state))).join(' → ') },
          ]}
        />
      )}
    </Panel>
  );
}

function Metrics({ metrics }: { metrics: ReportsCompared['metrics'] }) {
  return (
    <Panel title={t('compare.metrics')}>
      <Table
        label={t('compare.metrics')}
        rows={[...COMPARED_METRICS]}
        rowKey={(name) => name}
        columns={[
          { title: t('compare.what'), cell: (name) => t(`compare.${name}`) },
          { title: t('compare.from'), cell: (name) => t('compare.share', { ...metrics[name].from }) },
          { title: t('compare.to'), cell: (name) => t('compare.share', { ...metrics[name].to }) },
        ]}
      />
    </Panel>
  );
}

function Commits({ project, compared }: { project: string; compared: ReportsCompared }) {
  const { between, commits } = compared;
  return (
    <Panel
      title={t('compare.commits', { n: between })}
      aside={
        <To project={project} path="log">
          {t('page.log')}
        </To>
      }
    >
      {commits.length < between && <p class="dim">{t('compare.commits-last', { n: commits.length })}</p>}
      <ul class="plain-list">
        {commits.map((one) => (
          <li key={one.commit}>
            {one.commit} {one.message ?? '–'} <span class="dim">{dateTime(one.time)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Answer(props: { project: string; from: string; to: string }) {
  const { project } = props;
  const { data, problem, loading } = useRead<ReportsCompared>(projectPath(project, 'reports/compare', { from: props.from, to: props.to }));
  if (problem !== null) return <ProblemView problem={problem} />;
  if (loading || data === null) return <Waiting />;
  return (
    <>
      <Panel title={t('compare.changes', { n: data.differences })}>
        <ul class="plain-list">
          <Side project={project} side={data.from} />
          <Side project={project} side={data.to} />
        </ul>
      </Panel>
      <LevelChanges places={data.places} />
      <Findings project={project} findings={data.findings} />
      <Metrics metrics={data.metrics} />
      <CoverageChanges coverage={data.coverage} />
      <StatusChanges project={project} places={data.places} />
      <Commits project={project} compared={data} />
    </>
  );
}

export default function ReportCompare({ project }: PageProps) {
  const [from] = useQuery('from');
  const [to] = useQuery('to');
  const issued = useRead<Item[]>(projectPath(project, 'items', { q: 'kind:report', sort: '-key', limit: REPORTS_MOST }));
  const baselines = useRead<Baseline[]>(projectPath(project, 'baseline-signatures'));
  const known = [...(issued.data ?? []), ...(baselines.data ?? [])].map((one): [string, string] => [one.key, `${one.key} ${one.title}`]);
  // a commit or a date stands in the address alone
  const options = (value: string) => (value === '' || known.some(([key]) => key === value) ? known : [...known, [value, value] as [string, string]]);
  const loaded = issued.data !== null && baselines.data !== null;
  return (
    <>
      <PageHead title={t('page.report-compare')} note={t('compare.note')}>
        <To project={project} path="reports" class="button">
          {t('page.reports')}
        </To>
      </PageHead>
      <div class="toolbar">
        <Chooser label={t('compare.from')} name="from" all={t('none')} value={from} options={options(from)} />
        <Chooser label={t('compare.to')} name="to" all={t('none')} value={to} options={options(to)} />
      </div>
      {loaded && (from === '' || to === '') && (known.length < 2 ? <Empty title={t('compare.none')} text={t('compare.none-text')} /> : <p>{t('compare.choose')}</p>)}
      {from !== '' && to !== '' && <Answer project={project} from={from} to={to} />}
    </>
  );
}
