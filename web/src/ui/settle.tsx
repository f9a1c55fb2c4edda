// Settling a difference between what was seen and the case: what would change, as the server says it, then the change.
import { useEffect, useState } from 'preact/hooks';
import { projectPath } from '../api/cache';
import { change } from '../api/edit';
import { type RequestOptions, send } from '../api/http';
import { problemFrom, type Problem } from '../api/problem';
import type { DifferenceAction, EditDone } from '../api/types';
import { t, words } from '../i18n';
import { ProblemView, Waiting } from './basics';
import { Dialog } from './dialog';
import '../i18n/en/inventory';

const linesOf = (ops: DifferenceAction['ops']): string => ops.map((op) => `${JSON.stringify(op)}\n`).join('');

/** The operations, with the reason behind the colon of the last text where the action takes one. */
function opsWith(action: DifferenceAction, reason: string): DifferenceAction['ops'] {
  return action.ops.map((op) => {
    const reasons = op.attrs?.accepted_differences;
    return reasons === undefined ? op : { ...op, attrs: { accepted_differences: [...reasons.slice(0, -1), `${reasons.at(-1)}${reason}`] } };
  });
}

function counts(done: EditDone): string[] {
  const kinds = (name: 'created' | 'updated') => Object.entries(done[name] ?? {}).map(([kind, n]) => t(`settle.${name}`, { n, kind: words(kind) }));
  return [...kinds('created'), ...kinds('updated'), ...Object.entries(done.links ?? {}).map(([type, n]) => t('settle.links', { n, type: words(type) }))];
}

function Preview(props: { project: string; action: DifferenceAction }) {
  const [answer, setAnswer] = useState<EditDone | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);

  useEffect(() => {
    const options: RequestOptions = { method: 'POST', body: linesOf(opsWith(props.action, '…')), type: 'application/x-ndjson' };
    send<EditDone>(projectPath(props.project, 'changes', { dry_run: 'true', at: null }), options).then(
      (done) => setAnswer(done.data),
      (error: unknown) => setProblem(problemFrom(error)),
    );
  }, []);
  if (problem !== null) return <ProblemView problem={problem} />;
  if (answer === null) return <Waiting />;
  if (counts(answer).length === 0) return <p>{t('settle.nothing')}</p>;
  return (
    <ul class="plain-list">
      {counts(answer).map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

export function Settle(props: { project: string; action: DifferenceAction; onClose: () => void }) {
  const { action, project } = props;
  const [reason, setReason] = useState('');
  const wantsReason = action.name === 'accept';
  const run = async (event: Event) => {
    event.preventDefault();
    const body = linesOf(opsWith(action, reason.trim()));
    if (await change(project, 'changes', { method: 'POST', body, type: 'application/x-ndjson' })) props.onClose();
  };
  return (
    <Dialog title={action.title} onClose={props.onClose}>
      <p>{t('settle.preview')}</p>
      <Preview project={project} action={action} />
      <form onSubmit={(event) => void run(event)}>
        {wantsReason && (
          <label>
            {t('settle.reason')}
            <input type="text" value={reason} required onInput={(event) => setReason(event.currentTarget.value)} />
          </label>
        )}
        <div class="actions">
          <button type="submit" class="primary" disabled={wantsReason && reason.trim() === ''} data-autofocus>
            {t('settle.do')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
