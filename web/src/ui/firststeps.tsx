// Six steps for whoever is new, on the sample plant; it leaves with one click.
import { useState } from 'preact/hooks';
import { send } from '../api/http';
import { problemFrom } from '../api/problem';
import { type MessageKey, t } from '../i18n';
import { navigate, projectAddress, type Query } from '../router';
import { may, renewSession } from '../state/session';
import { stepsTaken } from '../state/settings';
import { useStore } from '../state/store';
import { toast } from '../state/toasts';
import { Dialog } from './dialog';
import '../i18n/en/projects';

interface Step {
  id: string;
  text: MessageKey;
  path: string;
  query?: Query;
}

const STEPS: readonly Step[] = [
  { id: 'why', text: 'steps.why', path: 'requirements', query: { view: 'coverage', zone: 'ZN-1', fr: '1', open: 'FR 1,SR 1.1' } },
  { id: 'trace', text: 'steps.trace', path: 'trace', query: { key: 'RQ-17' } },
  { id: 'filter', text: 'steps.filter', path: 'assets', query: { q: 'zone:ZN-4' } },
  { id: 'edit', text: 'steps.edit', path: 'items/ZN-12' },
  { id: 'defects', text: 'steps.defects', path: 'defects' },
  { id: 'report', text: 'steps.report', path: 'reports' },
];

function RemoveSample(props: { project: string; onClose: () => void }) {
  const remove = async (): Promise<void> => {
    try {
      await send(`projects/${encodeURIComponent(props.project)}?yes=true`, { method: 'DELETE' });
      await renewSession();
      navigate('/projects');
    } catch (error) {
      toast(problemFrom(error).message, { tone: 'bad' });
    }
  };
  return (
    <Dialog title={t('steps.remove')} onClose={props.onClose}>
      <p>{t('steps.remove-text')}</p>
      <div class="actions">
        <button type="button" class="primary" onClick={() => void remove()}>
          {t('steps.remove')}
        </button>
        <button type="button" onClick={props.onClose}>
          {t('cancel')}
        </button>
      </div>
    </Dialog>
  );
}

export function FirstSteps({ project }: { project: string }) {
  const taken = useStore(stepsTaken);
  const [removing, setRemoving] = useState(false);
  const done = STEPS.filter((step) => taken.has(step.id)).length;
  return (
    <details class="notice steps" open={done < STEPS.length}>
      <summary>
        {t('project.sample-note')} {t('steps.count', { n: done, total: STEPS.length })}
      </summary>
      <ol>
        {STEPS.map((step) => (
          <li key={step.id}>
            <span aria-hidden="true">{taken.has(step.id) ? '✓' : '○'}</span>{' '}
            <a href={projectAddress(project, step.path, step.query)} onClick={() => stepsTaken.set(new Set(taken).add(step.id))}>
              {t(step.text)}
            </a>
            {taken.has(step.id) && <span class="hidden">{t('steps.done')}</span>}
          </li>
        ))}
      </ol>
      {may(project, 'admin') && (
        <button type="button" onClick={() => setRemoving(true)}>
          {t('steps.remove')}
        </button>
      )}
      {removing && <RemoveSample project={project} onClose={() => setRemoving(false)} />}
    </details>
  );
}
