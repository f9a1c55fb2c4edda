// Every named defect, by rule.
import { projectPath, useRead } from '../api/cache';
import type { Defect } from '../api/types';
import { t, words } from '../i18n';
import { Empty, KeyLink, PageHead, type PageProps, Panel, ProblemView, Waiting } from '../ui/basics';
import '../i18n/en/projects';
import '../i18n/en/suspects';

export default function Defects({ project }: PageProps) {
  const { data, problem, loading } = useRead<Defect[]>(projectPath(project, 'lint'));
  const rules = new Map<string, Defect[]>();
  for (const defect of data ?? []) rules.set(defect.rule, [...(rules.get(defect.rule) ?? []), defect]);
  return (
    <>
      <PageHead title={t('page.defects')} note={t('defects.note')} />
      {problem !== null && <ProblemView problem={problem} />}
      {loading && <Waiting />}
      {data?.length === 0 && <Empty title={t('overview.no-defects')} text={t('overview.no-defects-text')} />}
      {[...rules].map(([rule, defects]) => (
        <Panel key={rule} title={`${words(rule)} (${defects.length})`}>
          <ul class="plain-list">
            {defects.map((defect) => (
              <li key={defect.message}>
                {defect.message} <span class="keys-of">{defect.items.map((key) => [<KeyLink key={key} project={project} k={key} />, ' '])}</span>
              </li>
            ))}
          </ul>
        </Panel>
      ))}
    </>
  );
}
