// What a finding is like in a line, and the decision that needs no form.
import { change } from '../api/edit';
import type { Finding } from '../api/types';
import { date, t, words } from '../i18n';
import { may } from '../state/session';
import '../i18n/en/findings';

export function FindingFacts({ row }: { row: Finding }) {
  return (
    <p class="dim">
      {words(row.severity ?? 'unknown')} {row.score ?? ''} · {words(row.confidence ?? 'unknown')}
      {row.kev && ` · ${t('findings.exploited')}`}
      {row.safety && ` · ${t('findings.safety')} ${row.functions.join(', ')}`}
      {row.due !== null && ` · ${t(row.due.overdue ? 'findings.overdue' : 'findings.due', { date: date(row.due.date) })}`}
    </p>
  );
}

/** Nothing where there is nothing to acknowledge, or not for who asks. */
export function Acknowledge({ project, row }: { project: string; row: Finding }) {
  const acknowledge = () => change(project, 'findings/triage', { method: 'POST', json: { items: [row.key], state: 'acknowledged' } });
  if (row.state !== 'new' || !may(project, 'triage')) return null;
  return (
    <button type="button" onClick={() => void acknowledge()}>
      {t('findings.acknowledge', { key: row.key })}
    </button>
  );
}
