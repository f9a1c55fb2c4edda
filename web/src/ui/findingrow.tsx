// What a finding is like in a line, and the decision that needs no form.
import { invalidate, projectPath } from '../api/cache';
import { send } from '../api/http';
import { problemFrom } from '../api/problem';
import type { Finding, Triaged } from '../api/types';
import { date, t, words } from '../i18n';
import { may } from '../state/session';
import { toast } from '../state/toasts';
import '../i18n/en/findings';

/** A filter for what is not settled. */
export const OPEN = '-state:fixed -state:not_affected -state:false_positive';

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
  const acknowledge = async (): Promise<void> => {
    try {
      const { data } = await send<Triaged>(projectPath(project, 'findings/triage', { at: null }), { method: 'POST', json: { items: [row.key], state: 'acknowledged' } });
      for (const one of data.rows) if (one.refused !== undefined) toast(`${one.key}: ${one.refused}`, { tone: 'bad' });
      invalidate(project);
    } catch (error) {
      toast(problemFrom(error).message, { tone: 'bad' });
    }
  };
  if (row.state !== 'new' || !may(project, 'triage')) return null;
  return (
    <button type="button" onClick={() => void acknowledge()}>
      {t('findings.acknowledge', { key: row.key })}
    </button>
  );
}
