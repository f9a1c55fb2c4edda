// The way in: with a name and a password, and the first time with the code that the server printed.
import { useState } from 'preact/hooks';
import { problemFrom, type Problem } from '../api/problem';
import { t } from '../i18n';
import { navigate } from '../router';
import { setUp, signIn } from '../state/session';
import { ProblemView } from '../ui/basics';

interface InputProps {
  name: string;
  label: string;
  secret?: boolean;
  autocomplete: string;
  required?: boolean;
  hint?: string;
  minLength?: number;
}

const PASSWORD_LEAST = 12;

function Input(props: InputProps) {
  const id = `in-${props.name}`;
  const shared = {
    id,
    name: props.name,
    autocomplete: props.autocomplete,
    required: props.required ?? true,
    minLength: props.minLength,
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

export default function SignIn(props: { setup: boolean }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);

  const onSubmit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const value = (name: string): string => String(form.get(name) ?? '');
    setBusy(true);
    try {
      if (props.setup) {
        await setUp(value('code').trim(), value('name'), value('full_name'), value('password'));
        navigate('/projects', true);
      } else await signIn(value('name'), value('password'), value('code').trim());
    } catch (error) {
      setProblem(problemFrom(error));
      setBusy(false);
    }
  };
  return (
    <main class="alone">
      <form class="panel signin" onSubmit={(event) => void onSubmit(event)}>
        <span class="brand">Zonewright</span>
        <h1>{t(props.setup ? 'setup.title' : 'signin.title')}</h1>
        {props.setup && <p>{t('setup.text')}</p>}
        {props.setup && <Input name="code" label={t('setup.code')} autocomplete="one-time-code" />}
        <Input name="name" label={t('signin.name')} autocomplete="username" />
        {props.setup && <Input name="full_name" label={t('setup.full-name')} autocomplete="name" />}
        <Input
          name="password"
          label={t('signin.password')}
          secret
          autocomplete={props.setup ? 'new-password' : 'current-password'}
          {...(props.setup ? { hint: t('setup.password-hint', { n: PASSWORD_LEAST }), minLength: PASSWORD_LEAST } : {})}
        />
        {!props.setup && <Input name="code" label={t('signin.code')} autocomplete="one-time-code" required={false} hint={t('signin.code-hint')} />}
        {problem !== null && <ProblemView problem={problem} />}
        <div class="actions">
          <button type="submit" class="primary" disabled={busy}>
            {t(props.setup ? 'setup.do' : 'signin.do')}
          </button>
        </div>
      </form>
    </main>
  );
}
