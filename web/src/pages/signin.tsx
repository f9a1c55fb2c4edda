// The way in: with a name and a password, and the first time with the code that the server printed.
import { t } from '../i18n';
import { navigate } from '../router';
import { PASSWORD_LEAST, setUp, signIn } from '../state/session';
import { Form, Input } from '../ui/form';

export default function SignIn(props: { setup: boolean }) {
  const onSend = async (value: (name: string) => string): Promise<void> => {
    if (!props.setup) return signIn(value('name').trim(), value('password'), value('code').trim());
    await setUp(value('code').trim(), value('name').trim(), value('full_name').trim(), value('password'));
    return navigate('/projects', true);
  };
  return (
    <main class="alone">
      <div class="panel signin">
        <span class="brand">Zonewright</span>
        <h1>{t(props.setup ? 'setup.title' : 'signin.title')}</h1>
        {props.setup && <p>{t('setup.text')}</p>}
        <Form action={t(props.setup ? 'setup.do' : 'signin.do')} onSend={onSend}>
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
        </Form>
      </div>
    </main>
  );
}
