// What is open of the vulnerabilities of the project: by severity and age, what is known to be exploited, how far they are dealt with, and
// whether the feeds that this rests on are fresh.
import { projectPath, useRead } from '../api/cache';
import { number, t, words } from '../i18n';
import { projectAddress } from '../router';
import { Bar, Panel, ProblemView, To, Waiting } from './basics';
import { FeedHealth } from './feedsknown';
import { Table } from './table';
import '../i18n/en/findings';
import '../i18n/en/projects';

interface Share {
  part: number;
  of: number;
}

interface Severity {
  severity: string;
  open: number;
  /** Open ones by age: up to each of `age_days`, and older. */
  ages: number[];
}

interface Scope {
  kind: string;
  open: number;
  severities: Severity[];
  acknowledged: Share;
  compensated: Share;
  patched: Share;
  kev: { open: number; assets: number };
}

const SHARES = ['acknowledged', 'compensated', 'patched'] as const;

function Figures(props: { project: string; scope: Scope; ages: readonly number[] }) {
  const { project, scope, ages } = props;
  const oldest = ages.at(-1) ?? 0;
  const titles = [...ages.map((days) => t('overview.up-to', { days })), t('overview.older', { days: oldest })];
  return (
    <>
      <p>
        {scope.kev.open === 0 ? (
          t('overview.no-kev')
        ) : (
          <To project={project} path="findings" query={{ q: 'kev:true' }}>
            <span class="tag bad">▼</span> {t('overview.kev', { n: scope.kev.open, assets: scope.kev.assets })}
          </To>
        )}
      </p>
      {scope.open > 0 && (
        <Table
          label={t('overview.ages')}
          rows={scope.severities.filter((row) => row.open > 0)}
          rowKey={(row) => row.severity}
          columns={[
            { title: t('overview.severity'), cell: (row) => words(row.severity) },
            { title: t('overview.open'), cell: (row) => number(row.open) },
            ...titles.map((title, i) => ({ title, cell: (row: Severity) => number(row.ages[i] ?? 0) })),
          ]}
        />
      )}
      {SHARES.map((name) => (
        <Bar
          key={name}
          label={t(`overview.${name}`)}
          value={scope[name].part}
          of={scope[name].of}
          text={t('overview.of', { n: scope[name].part, total: scope[name].of })}
          href={projectAddress(project, 'findings')}
        />
      ))}
    </>
  );
}

export function OpenFindings({ project }: { project: string }) {
  const { data, problem } = useRead<{ age_days: number[]; scopes: Scope[] }>(projectPath(project, 'metrics/findings'));
  const scope = data?.scopes.find((one) => one.kind === 'project');
  return (
    <Panel title={t('overview.findings', { n: scope?.open ?? 0 })} aside={<To project={project} path="findings">{t('page.findings')}</To>}>
      <FeedHealth project={project} />
      {problem !== null && <ProblemView problem={problem} />}
      {data === null && problem === null && <Waiting />}
      {data !== null && scope !== undefined && <Figures project={project} scope={scope} ages={data.age_days} />}
    </Panel>
  );
}
