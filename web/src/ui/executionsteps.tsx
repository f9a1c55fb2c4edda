// The steps of a run by hand: each is recorded as soon as it is known, by a key or a button.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { invalidate, projectPath } from '../api/cache';
import { change } from '../api/edit';
import { problemFrom } from '../api/problem';
import type { Execution, ExecutionCase, ExecutionStep } from '../api/types';
import { upload } from '../api/upload';
import { bytes, t, words } from '../i18n';
import { stepFile, stepKey, STEP_STATUSES, type StepStatus } from '../model/tests';
import { toast } from '../state/toasts';
import { KeyLink, Tag } from './basics';
import '../i18n/en/execute';

interface StepProps {
  project: string;
  run: Execution;
  of: ExecutionCase;
  step: ExecutionStep;
  editable: boolean;
}

/** Records on top of what is shown; when somebody else was faster, that is said and shown. */
function record(props: StepProps, status: StepStatus, observation: string): Promise<boolean> {
  const { project, run, of, step } = props;
  const json = { steps: [{ case: of.key, step: step.step, status, observation, was: step.recorded }] };
  return change(project, `test-executions/${run.key}/steps`, { method: 'POST', json }).then((done) => {
    if (!done) invalidate(project);
    return done;
  });
}

function Files(props: StepProps) {
  const { project, run, of, step } = props;
  const onChoose = async (file: File): Promise<void> => {
    const name = stepFile(of.key, step.step, file.name);
    try {
      await upload(projectPath(project, `items/${run.key}/attachments/${encodeURIComponent(name)}`, { at: null }), { method: 'PUT', body: file, onSent: () => undefined, signal: new AbortController().signal });
      invalidate(project);
    } catch (error) {
      toast(problemFrom(error).message, { tone: 'bad' });
    }
  };
  return (
    <>
      {step.attachments.map((file) => (
        <a key={file.sha256} download={file.name} href={projectPath(project, `attachments/${file.sha256}`)}>
          {file.name} ({bytes(file.size)})
        </a>
      ))}
      {props.editable && (
        <label class="file-choice">
          {t('execute.attach')} <input type="file" onChange={(event) => event.currentTarget.files?.[0] !== undefined && void onChoose(event.currentTarget.files[0])} />
        </label>
      )}
    </>
  );
}

/** Its default is what was recorded last. */
const isChanged = (field: HTMLTextAreaElement): boolean => field.value.trim() !== field.defaultValue;

/** Records with what is written in the field, which is its default as soon as it is on its way, so that it is known when it comes back. */
async function recordField(props: StepProps, status: StepStatus, field: HTMLTextAreaElement): Promise<boolean> {
  const before = field.defaultValue;
  const written = field.value.trim();
  field.defaultValue = written;
  const done = await record(props, status, written);
  if (!done) field.defaultValue = before;
  return done;
}

function Observation(props: StepProps) {
  const { step } = props;
  const ref = useRef<HTMLTextAreaElement>(null);
  // What was recorded here comes back while the next words are being written, and leaves them; what others recorded is shown.
  useLayoutEffect(() => {
    const field = ref.current!;
    if (field.defaultValue === step.observation) return;
    field.defaultValue = step.observation;
    field.value = step.observation;
  }, [step.observation]);
  return (
    <label class="field">
      {t('execute.observation')}
      <textarea ref={ref} rows={1} onBlur={(event) => isChanged(event.currentTarget) && void recordField(props, step.status, event.currentTarget)} />
    </label>
  );
}

function Step(props: StepProps) {
  const { of, step } = props;
  const ref = useRef<HTMLLIElement>(null);

  const go = (by: number): void => {
    const all = [...(ref.current?.closest('[data-steps]')?.querySelectorAll<HTMLElement>('li.step') ?? [])];
    all[all.indexOf(ref.current!) + by]?.focus();
  };
  const say = async (status: StepStatus): Promise<void> => {
    const field = ref.current?.querySelector('textarea');
    if (!(await (field ? recordField(props, status, field) : record(props, status, step.observation)))) return;
    if (status === 'failed' || status === 'blocked') field?.focus();
    else go(1);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== ref.current || event.ctrlKey || event.metaKey || event.altKey) return;
    const meant = stepKey(event.key);
    if (meant === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (typeof meant === 'number') go(meant);
    else if (props.editable) void say(meant);
  };
  return (
    <li ref={ref} class="step" tabIndex={0} aria-label={t('execute.step', { key: of.key, n: step.step })} onKeyDown={onKeyDown}>
      <div>
        {step.step}. {step.does} <Tag name={step.status} />
      </div>
      {step.expected !== '' && <div class="dim">{t('execute.expected', { text: step.expected })}</div>}
      {props.editable && (
        // A click leaves the focus where it is, so that an observation being written goes along with the status and not before it.
        <div class="choices" onMouseDown={(event) => event.preventDefault()}>
          {STEP_STATUSES.map((status) => (
            <button key={status} type="button" aria-pressed={step.status === status} onClick={() => void say(status)}>
              {words(status)}
            </button>
          ))}
        </div>
      )}
      {props.editable ? <Observation {...props} /> : step.observation !== '' && <p>{step.observation}</p>}
      <Files {...props} />
    </li>
  );
}

export function ExecutionSteps(props: { project: string; run: Execution; editable: boolean }) {
  return (
    <div data-steps>
      {props.run.cases.map((of) => (
        <section key={of.key} aria-label={of.key}>
          <h3>
            <KeyLink project={props.project} k={of.key} /> {of.title} <Tag name={of.outcome} />
          </h3>
          {of.environment !== null && <p class="dim">{of.environment}</p>}
          {(of.changed || of.retired) && <p class="problem">{of.retired ? t('execute.retired') : t('execute.changed', { n: of.rev })}</p>}
          <ol class="plain-list">
            {of.steps.map((step) => (
              <Step key={step.step} project={props.project} run={props.run} of={of} step={step} editable={props.editable} />
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}
