// Open findings of all projects one sees, the most urgent of each first, to be decided about where they stand.
import { useState } from 'preact/hooks';
import { projectPath, useRead } from '../api/cache';
import type { Finding } from '../api/types';
import { t } from '../i18n';
import { projectAddress } from '../router';
import { may, session } from '../state/session';
import { useStore } from '../state/store';
import { Empty, PageHead, Panel, ProblemView, Tag, Waiting } from '../ui/basics';
import { FeedHealth } from '../ui/feedsknown';
import { Acknowledge, FindingFacts, OPEN } from '../ui/findingrow';
import { useSeen } from '../ui/seen';
import { Triage } from '../ui/triage';
import '../i18n/en/findings';

const EACH = 25;

/** The form is made when it is wanted, since there are many rows. */
function Decide({ project, row }: { project: string; row: Finding }) {
  const [open, setOpen] = useState(false);
  return (
    <details class="branch" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('triage.one', { key: row.key })}</summary>
      {open && <Triage project={project} keys={[row.key]} onDone={() => setOpen(false)} />}
    </details>
  );
}

function Row({ project, row }: { project: string; row: Finding }) {
  return (
    <li>
      <a href={projectAddress(project, 'findings', { finding: `${row.key}/${row.on ?? ''}` })}>
        {row.key} {row.vulnerability}
      </a>{' '}
      {row.on_title} <Tag name={row.state} />
      <FindingFacts row={row} />
      <Acknowledge project={project} row={row} />
      {may(project, 'change') && <Decide project={project} row={row} />}
    </li>
  );
}

function Project(props: { project: string; title: string }) {
  const { ref, seen } = useSeen<HTMLDivElement>();
  const path = projectPath(props.project, 'findings', { q: OPEN, sort: '-kev,-severity,-score,key', limit: String(EACH + 1) });
  const { data, problem, loading } = useRead<Finding[]>(seen ? path : null);
  return (
    <Panel title={props.title} aside={<a href={projectAddress(props.project, 'findings')}>{t('findings.open-queue')}</a>}>
      {problem !== null && <ProblemView problem={problem} />}
      <div ref={ref}>{(loading || !seen) && <Waiting />}</div>
      {data?.length === 0 && <p>{t('findings.none')}</p>}
      <ul class="plain-list">
        {(data ?? []).slice(0, EACH).map((row) => (
          <Row key={`${row.key}/${row.on ?? ''}`} project={props.project} row={row} />
        ))}
      </ul>
      {data !== null && data.length > EACH && <p class="dim">{t('findings.first', { n: EACH })}</p>}
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
