// Tests: what they say of requirements, how each stands, and the runs; the lists of those that fail, change or were never run.
import { projectPath, useRead } from '../api/cache';
import type { TestedRequirement, TestPlan, TestRun, TestStanding, TestStatus, Verification } from '../api/types';
import { dateTime, type MessageKey, t, words } from '../i18n';
import { caseFits, CASE_LISTS, type CaseList } from '../model/tests';
import { useQuery } from '../router';
import { Bar, Empty, KeyLink, PageHead, type PageProps, Panel, ProblemView, Tag, To, Waiting } from '../ui/basics';
import { Chooser } from '../ui/chooser';
import { Table } from '../ui/table';
import '../i18n/en/tests';
import '../i18n/en/trace';

const STATES = ['failed', 'no_test', 'not_run', 'partly', 'passed'];
/** A page shows no more rows than somebody looks at; the filters narrow. */
const ROWS_MOST = 500;

const when = (at: string | null): string => (at === null ? t('none') : dateTime(at));
const standing = (status: string | null) => <Tag name={status ?? 'not_run'} />;

function More({ n }: { n: number }) {
  return n > ROWS_MOST ? <p class="dim">{t('tests.more', { n: n - ROWS_MOST })}</p> : null;
}

function Matrix(props: { project: string; rows: TestedRequirement[] }) {
  const { project } = props;
  const columns = [
    { title: t('coverage.requirement'), cell: (row: TestedRequirement) => <><KeyLink project={project} k={row.key} /> {row.title}</> },
    { title: t('coverage.status'), cell: (row: TestedRequirement) => <Tag name={row.state} /> },
    {
      title: t('tests.cases'),
      cell: (row: TestedRequirement) => (
        <ul class="causes">
          {row.tests.map((test) => (
            <li key={test.case}>
              <KeyLink project={project} k={test.case} /> {standing(test.status)} {test.title}
              {test.run !== null && (
                <>
                  {' '}
                  <KeyLink project={project} k={test.run} /> {when(test.at)}
                </>
              )}
            </li>
          ))}
        </ul>
      ),
    },
  ];
  return <Table label={t('tests.matrix')} columns={columns} rows={props.rows.slice(0, ROWS_MOST)} rowKey={(row) => row.key} />;
}

function MatrixView({ project }: { project: string }) {
  const [state] = useQuery('state');
  const { data, problem } = useRead<Verification>(projectPath(project, 'verification'));
  if (problem !== null) return <ProblemView problem={problem} />;
  if (data === null) return <Waiting />;
  const rows = data.requirements.filter((row) => state === '' || row.state === state);
  return (
    <>
      <div class="toolbar">
        <Chooser label={t('coverage.status')} name="state" value={state} options={STATES.map((one) => [one, words(one)])} />
        <span>{t('tests.totals', data.totals)}</span>
      </div>
      {rows.length === 0 ? <Empty title={t('tests.no-requirements')} text={t('tests.no-requirements-text')} /> : <Matrix project={project} rows={rows} />}
      <More n={rows.length} />
    </>
  );
}

function Cases(props: { project: string; rows: TestStanding[] }) {
  const { project } = props;
  const columns = [
    { title: t('tests.case'), cell: (row: TestStanding) => <><KeyLink project={project} k={row.key} /> {row.title}</> },
    { title: t('tests.last'), cell: (row: TestStanding) => <>{standing(row.status)} {when(row.at)}</> },
    { title: t('tests.history'), cell: (row: TestStanding) => row.history.map(words).join(', ') },
    { title: t('tests.kind'), cell: (row: TestStanding) => [row.kind, row.stage, row.purpose].filter((one) => one !== null).map((one) => words(one!)).join(', ') },
  ];
  return <Table label={t('tests.cases')} columns={columns} rows={props.rows.slice(0, ROWS_MOST)} rowKey={(row) => row.key} />;
}

function Runs(props: { project: string; rows: TestRun[] }) {
  const { project } = props;
  const columns = [
    { title: t('tests.run'), cell: (row: TestRun) => <><KeyLink project={project} k={row.key} /> {row.title}</> },
    { title: t('tests.when'), cell: (row: TestRun) => <span class="nowrap">{when(row.at)}</span> },
    { title: t('tests.counts'), cell: (row: TestRun) => Object.entries(row.counts).filter(([, n]) => n > 0).map(([name, n]) => `${n} ${words(name)}`).join(', ') || '–' },
    { title: t('tests.where'), cell: (row: TestRun) => [row.stage === null ? null : words(row.stage), row.environment, row.tool].filter((one) => one !== null).join('; ') },
  ];
  return <Table label={t('tests.runs')} columns={columns} rows={props.rows.slice(0, ROWS_MOST)} rowKey={(row) => row.key} />;
}

function Plans(props: { project: string; rows: TestPlan[] }) {
  const { project } = props;
  const keys = (list: string[]) => list.map((key) => <span key={key}><KeyLink project={project} k={key} /> </span>);
  const columns = [
    { title: t('tests.plan'), cell: (row: TestPlan) => <><KeyLink project={project} k={row.key} /> {row.title}</> },
    { title: t('tests.of-what'), cell: (row: TestPlan) => <>{keys(row.of)} {row.release ?? ''} {keys(row.within)}</> },
    {
      title: t('tests.progress'),
      cell: ({ progress }: TestPlan) => (
        <Bar label={t('tests.n-passed', { n: progress.passed, of: progress.cases })} value={progress.passed} of={progress.cases} text={progress.failed === 0 ? '' : t('tests.n-failed', { n: progress.failed })} />
      ),
    },
    {
      title: t('tests.do'),
      cell: (row: TestPlan) => (
        <>
          <To project={project} path="execute" query={{ cases: row.key }}>
            {t('tests.execute', { key: row.key })}
          </To>{' '}
          <a href={projectPath(project, `test-packs/${row.key}`, { at: null })} download={`${row.key}.html`}>
            {t('tests.pack', { key: row.key })}
          </a>
        </>
      ),
    },
  ];
  return <Table label={t('tests.plans')} columns={columns} rows={props.rows.slice(0, ROWS_MOST)} rowKey={(row) => row.key} />;
}

function StatusView(props: { project: string; view: 'cases' | 'runs' | 'plans' }) {
  const [list] = useQuery('list');
  const { data, problem } = useRead<TestStatus>(projectPath(props.project, 'test-status'));
  if (problem !== null) return <ProblemView problem={problem} />;
  if (data === null) return <Waiting />;
  const cases = data.cases.filter((row) => caseFits(row, list as CaseList | ''));
  const runs = [...data.runs].sort((a, b) => (b.at ?? '').localeCompare(a.at ?? ''));
  if (props.view !== 'cases') {
    const rows = props.view === 'plans' ? data.plans : runs;
    return (
      <>
        {rows.length === 0 && <Empty title={t(`tests.no-${props.view}`)} text={t(`tests.no-${props.view}-text`)} />}
        {rows.length > 0 && (props.view === 'plans' ? <Plans project={props.project} rows={data.plans} /> : <Runs project={props.project} rows={runs} />)}
        <More n={rows.length} />
      </>
    );
  }
  return (
    <>
      <div class="toolbar">
        <Chooser label={t('tests.list')} name="list" value={list} options={CASE_LISTS.map((one) => [one, t(`tests.${one}` as MessageKey)])} />
        <span>{t('tests.of', { n: cases.length, total: data.cases.length })}</span>
      </div>
      {cases.length === 0 ? <Empty title={t('tests.no-cases')} text={t('tests.no-cases-text')} /> : <Cases project={props.project} rows={cases} />}
      <More n={cases.length} />
    </>
  );
}

const VIEWS = ['cases', 'plans', 'runs'] as const;

export default function Tests({ project }: PageProps) {
  const [asked] = useQuery('view');
  const view = VIEWS.find((one) => one === asked);
  return (
    <>
      <PageHead title={t('page.tests')} note={t('tests.note')} />
      <div class="toolbar">
        <Chooser label={t('tests.view')} name="view" all={t('tests.matrix')} value={view ?? ''} options={VIEWS.map((one) => [one, t(`tests.${one}`)])} />
      </div>
      <Panel title={t(view === undefined ? 'tests.matrix' : `tests.${view}`)}>{view === undefined ? <MatrixView project={project} /> : <StatusView project={project} view={view} />}</Panel>
    </>
  );
}
