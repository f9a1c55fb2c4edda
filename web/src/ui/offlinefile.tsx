// What comes back of a page that was given out for tests without a server: taken at once, or its conflicts shown first.
import { useState } from 'preact/hooks';
import { invalidate, projectPath } from '../api/cache';
import { problemFrom, type Problem } from '../api/problem';
import type { OfflineMerged } from '../api/types';
import { upload } from '../api/upload';
import { t } from '../i18n';
import { setQuery } from '../router';
import { toast } from '../state/toasts';
import { Panel, ProblemView } from './basics';
import { Table } from './table';
import '../i18n/en/execute';

export function OfflineFile({ project }: { project: string }) {
  const [file, setFile] = useState<File | null>(null);
  const [told, setTold] = useState<OfflineMerged | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);

  const merge = async (chosen: File, keep: string): Promise<void> => {
    setFile(chosen);
    setProblem(null);
    try {
      const path = projectPath(project, 'test-packs', { at: null, name: chosen.name, ...(keep === '' ? {} : { keep }) });
      const answer = await upload<OfflineMerged>(path, { method: 'POST', body: chosen, onSent: () => undefined, signal: new AbortController().signal });
      setTold(answer);
      invalidate(project);
      if (answer.conflicts.length > 0 && keep === '') return;
      toast(answer.commit === null ? t('execute.merged-before') : t('execute.merged', { n: answer.recorded, files: answer.files }));
      if (answer.key !== undefined && answer.changed.length === 0 && answer.meanwhile.length === 0) setQuery({ key: answer.key });
    } catch (error) {
      setTold(null);
      setProblem(problemFrom(error));
    }
  };
  return (
    <Panel title={t('execute.offline')}>
      <div class="field">
        <label for="offline-file">{t('execute.offline-file')}</label>
        <input id="offline-file" type="file" accept="application/json,.json" onChange={(event) => event.currentTarget.files?.[0] !== undefined && void merge(event.currentTarget.files[0], '')} />
      </div>
      {problem !== null && <ProblemView problem={problem} />}
      {told !== null && told.conflicts.length > 0 && (
        <>
          <Table
            label={t('execute.conflicts')}
            rows={told.conflicts}
            rowKey={(one) => `${one.case}/${one.step}`}
            columns={[
              { title: t('execute.conflict'), cell: (one) => t('execute.step', { key: one.case, n: one.step }) },
              { title: t('execute.here'), cell: (one) => one.here ?? t('none') },
              { title: t('execute.in-file'), cell: (one) => one.given },
            ]}
          />
          <div class="actions">
            {(['here', 'file'] as const).map((keep) => (
              <button key={keep} type="button" onClick={() => file !== null && void merge(file, keep)}>
                {t(`execute.keep-${keep}`)}
              </button>
            ))}
          </div>
        </>
      )}
      <ul class="plain-list">
        {told?.changed.map((one) => <li key={one.case}>{t(one.retired ? 'execute.is-retired' : 'execute.is-changed', { key: one.case, given: one.given, now: one.now })}</li>)}
        {told?.meanwhile.map((one) => <li key={one.run + one.case}>{t('execute.meanwhile', { key: one.case, status: one.status, run: one.run, given: one.given })}</li>)}
      </ul>
    </Panel>
  );
}
