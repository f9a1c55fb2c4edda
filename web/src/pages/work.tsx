// What waits for me, in all projects; the project one is in comes first.
import { useRead } from '../api/cache';
import { API } from '../api/http';
import type { ProjectWork, WorkRow } from '../api/types-operation';
import { date, t, words } from '../i18n';
import { Empty, KeyLink, PageHead, type PageProps, Panel, ProblemView, Tag, To, Waiting } from '../ui/basics';
import { Table } from '../ui/table';
import '../i18n/en/operation';

/** Where one goes for what is no single item. */
const PAGE_OF: Record<string, string> = { suspects: 'suspects', findings: 'findings' };

function What({ project, row }: { project: string; row: WorkRow }) {
  const page = PAGE_OF[row.why];
  if (row.key === null) return page === undefined ? <>{row.text}</> : <To project={project} path={page}>{row.text}</To>;
  return (
    <>
      {row.why === 'review' ? <To project={project} path="reviews" query={{ key: row.key }} class="key">{row.key}</To> : <KeyLink project={project} k={row.key} />} {row.title} <span class="dim">{row.text}</span>
    </>
  );
}

function Project({ work }: { work: ProjectWork }) {
  return (
    <Panel title={`${work.project} ${work.title}`}>
      {work.rows.length === 0 && <p>{t('work.project-none')}</p>}
      {work.rows.length > 0 && (
        <Table
          label={work.title}
          rows={work.rows}
          rowKey={(row) => `${row.why} ${row.key ?? ''} ${row.text}`}
          columns={[
            { title: t('work.why'), cell: (row) => words(row.why) },
            { title: t('work.what'), cell: (row) => <What project={work.project} row={row} /> },
            { title: words('state'), cell: (row) => (row.state === null ? '' : <Tag name={row.state} />) },
            { title: t('work.due'), cell: (row) => (row.due === null ? '' : t(row.overdue ? 'board.late' : 'board.due', { date: date(row.due) })) },
          ]}
        />
      )}
      {work.more && <p class="dim">{t('work.more')}</p>}
    </Panel>
  );
}

export default function Work({ project }: PageProps) {
  const { data, problem, loading } = useRead<ProjectWork[]>(`${API}/work`);
  const sorted = [...(data ?? [])].sort((a, b) => Number(b.project === project) - Number(a.project === project));
  const none = data !== null && data.every((one) => one.rows.length === 0);
  return (
    <>
      <PageHead title={t('page.work')} note={t('work.note')} />
      {problem !== null && <ProblemView problem={problem} />}
      {loading && <Waiting />}
      {none ? <Empty title={t('work.none')} text={t('work.none-text')} /> : sorted.map((one) => <Project key={one.project} work={one} />)}
    </>
  );
}
