// The reports there are, each to read here or to keep.
import { useRead } from '../api/cache';
import type { ReportType } from '../api/types';
import { t } from '../i18n';
import { address, useQuery } from '../router';
import { Empty, PageHead, type PageProps, Panel, ProblemView, Waiting } from '../ui/basics';

export default function Reports({ project }: PageProps) {
  const [at] = useQuery('at');
  const { data, problem, loading } = useRead<ReportType[]>('/api/v1/reports');
  return (
    <>
      <PageHead title={t('page.reports')} note={t('reports.note')} />
      {problem !== null && <ProblemView problem={problem} />}
      {loading && <Waiting />}
      {data?.length === 0 && <Empty title={t('reports.none')} text={t('reports.none')} />}
      <div class="cards">
        {data?.map((report) => (
          <Panel key={report.type} title={report.title}>
            <p>{report.summary}</p>
            <div class="actions">
              <a class="button primary" target="_blank" rel="noreferrer" data-plain href={address(`/reports/${report.type}.html`, { project, at })}>
                {t('reports.open')}
              </a>
              <a class="button" download={`${project}-${report.type}.html`} href={address(`/reports/${report.type}.html`, { project, at })}>
                HTML
              </a>
              <a class="button" download={`${project}-${report.type}.json`} href={address(`/reports/${report.type}.json`, { project, at })}>
                JSON
              </a>
            </div>
          </Panel>
        ))}
      </div>
    </>
  );
}
