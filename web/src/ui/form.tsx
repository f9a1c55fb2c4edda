// A small form: labelled inputs, one action, and what went wrong with it in place.
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { problemFrom, type Problem } from '../api/problem';
import { ProblemView } from './basics';

interface InputProps {
  name: string;
  label: string;
  secret?: boolean;
  required?: boolean;
  hint?: string;
  value?: string;
  autocomplete?: string;
  minLength?: number;
  pattern?: string;
}

export function Input(props: InputProps) {
  const id = useId();
  const shared = {
    id,
    name: props.name,
    autocomplete: props.autocomplete ?? 'off',
    required: props.required ?? true,
    minLength: props.minLength,
    pattern: props.pattern,
    defaultValue: props.value,
    'aria-describedby': props.hint === undefined ? undefined : `${id}-hint`,
    spellcheck: false,
    autocapitalize: 'none',
  } as const;
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      {props.secret ? <input type="password" {...shared} /> : <input type="text" {...shared} />}
      {props.hint !== undefined && (
        <span id={`${id}-hint`} class="dim">
          {props.hint}
        </span>
      )}
    </div>
  );
}

/** Tells password managers whose password a form is about. */
export function UserName({ name }: { name: string }) {
  return <input type="text" hidden readOnly name="username" autocomplete="username" value={name} />;
}

export function Select(props: { name: string; label: string; options: [string, string][] }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <select id={id} name={props.name}>
        {props.options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

interface FormProps {
  action: string;
  onSend: (value: (name: string) => string) => Promise<unknown>;
  children?: ComponentChildren;
  class?: string;
  more?: ComponentChildren;
  /** Another form of the page has the action that comes first. */
  second?: boolean;
}

/** Sends what was filled in; the form is emptied when that succeeded. */
export function Form(props: FormProps) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);

  const onSubmit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const data = new FormData(form);
    setBusy(true);
    setProblem(null);
    try {
      await props.onSend((name) => String(data.get(name) ?? ''));
      form.reset();
    } catch (error) {
      setProblem(problemFrom(error));
    }
    setBusy(false);
  };
  return (
    <form data-guarded onSubmit={(event) => void onSubmit(event)}>
      <div class={props.class ?? ''}>{props.children}</div>
      {problem !== null && <ProblemView problem={problem} />}
      <div class="actions">
        <button type="submit" class={props.second ? '' : 'primary'} disabled={busy}>
          {props.action}
        </button>
        {props.more}
      </div>
    </form>
  );
}
