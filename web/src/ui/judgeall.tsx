// Confirms all suspect links that fit the filter of the queue at once: first which, then with a reason, as one commit.
import { useState } from 'preact/hooks';
import { invalidate, projectPath } from '../api/cache';
import { send } from '../api/http';
import { type Problem, problemFrom } from '../api/problem';
import { t, words } from '../i18n';
import { toast } from '../state/toasts';
import { ProblemView } from './basics';
import { Dialog } from './dialog';
import '../i18n/en/baselines';
import '../i18n/en/suspects';

const SHOWN_MOST = 200;

interface Judged {
  links: { from: string; type: string; to: string; as: string }[];
}

export function JudgeAll(props: { project: string; q: string; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const [preview, setPreview] = useState<Judged | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);

  const run = async (dry: boolean): Promise<void> => {
    try {
      const path = projectPath(props.project, 'suspects/confirm', { at: null, dry_run: dry ? 'true' : null });
      const answer = await send<Judged>(path, { method: 'POST', json: { q: props.q, reason } });
      setProblem(null);
      if (dry) return setPreview(answer.data);
      invalidate(props.project);
      toast(t('judgeall.done', { n: answer.data.links.length }));
      props.onClose();
    } catch (error) {
      setProblem(problemFrom(error));
    }
  };
  return (
    <Dialog title={t('judgeall.title', { q: props.q })} onClose={props.onClose} wide>
      <div class="field">
        <label for="judgeall-reason">{t('suspects.reason')}</label>
        <input id="judgeall-reason" value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
      </div>
      {problem !== null && <ProblemView problem={problem} />}
      {preview !== null && (
        <div class="scroll preview" role="region" aria-label={t('judgeall.preview', { n: preview.links.length })} tabIndex={0}>
          <p>{t('judgeall.preview', { n: preview.links.length })}</p>
          <ul class="plain-list">
            {preview.links.slice(0, SHOWN_MOST).map((link) => (
              <li key={`${link.from}/${link.type}/${link.to}/${link.as}`}>
                {link.from} {words(link.type)} {link.to}
                {link.as !== '' && ` (${words(link.as)})`}
              </li>
            ))}
          </ul>
          {preview.links.length > SHOWN_MOST && <p class="dim">{t('baselines.first', { n: SHOWN_MOST })}</p>}
        </div>
      )}
      <div class="actions">
        <button type="button" class={preview === null ? 'primary' : ''} disabled={reason === ''} onClick={() => void run(true)}>
          {t('judgeall.show')}
        </button>
        <button type="button" class="primary" disabled={preview === null || preview.links.length === 0 || reason === ''} onClick={() => void run(false)}>
          {t('suspects.confirm')}
        </button>
        <button type="button" onClick={props.onClose}>
          {t('cancel')}
        </button>
      </div>
    </Dialog>
  );
}
