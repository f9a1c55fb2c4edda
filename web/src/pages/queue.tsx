// Findings of all projects one sees, the most urgent of each first.
import { projectPath, useRead } from '../api/cache';
import type { Finding } from '../api/types';
import { date, t, words } from '../i18n';
import { projectAddress } from '../router';
import { session } from '../state/session';
import { useStore } from '../state/store';
import { Empty, PageHead, Panel, ProblemView, Tag, Waiting } from '../ui/basics';
import { FeedHealth } from '../ui/feedsknown';
import '../i18n/en/findings';

const EACH = '25';

function Project(props: { project: string; title: string }) {
  const { data, problem, loading } = useRead<Finding[]>(projectPath(props.project, 'findings', { sort: '-kev,-severity,-score,key', limit: EACH }));
  return (
    <Panel title={props.title} aside={<a href={projectAddress(props.project, 'findings')}>{t('findings.open-queue')}</a>}>
      {problem !== null && <ProblemView problem={problem} />}
      {loading && <Waiting />}
      {data?.length === 0 && <p>{t('findings.none')}</p>}
      <ul class="plain-list">
        {(data ?? []).map((row) => (
          <li key={`${row.key}/${row.on ?? ''}`}>
            <a href={projectAddress(props.project, 'findings', { finding: `${row.key}/${row.on ?? ''}` })}>
              {row.key} {row.vulnerability}
            </a>{' '}
            {row.on_title} <Tag name={row.state} />{' '}
            <span class="dim">
              {words(row.severity ?? 'unknown')}
              {row.kev && ` · ${t('findings.exploited')}`}
              {row.due !== null && ` · ${t(row.due.overdue ? 'findings.overdue' : 'findings.due', { date: date(row.due.date) })}`}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

export default function Queue() {
  const now = useStore(session);
  const projects = now.kind === 'in' ? now.me.projects : [];
  return (
    <>
      <PageHead title={t('page.findings')} note={t('findings.all-note')} />
      {projects.length > 0 && <FeedHealth project={projects[0]!.key} />}
      {projects.length === 0 && <Empty title={t('findings.none')} text={t('findings.none-text')} />}
      {projects.map((one) => (
        <Project key={one.key} project={one.key} title={`${one.key} ${one.title}`} />
      ))}
    </>
  );
}
