// The way in: with a name and a password, and the first time with the code that the server printed.
import { canPasskey } from '../api/passkey';
import { t } from '../i18n';
import { address, navigate, useQuery } from '../router';
import { PASSWORD_LEAST, setUp, signIn, signInByPasskey } from '../state/session';
import { Form, Input } from '../ui/form';
import '../i18n/en/people';

/** Where to go from here, without what is only said here. */
function asked(): string {
  const here = new URL(window.location.href);
  here.searchParams.delete('refused');
  return here.pathname + here.search;
}

function Elsewhere({ title }: { title: string }) {
  const [refused] = useQuery('refused');
  return (
    <div class="elsewhere">
      {refused !== '' && (
        <p class="notice bad" role="alert">
          {t(refused === 'NETWORK' ? 'signin.elsewhere-gone' : refused === 'TOO_MANY' ? 'signin.elsewhere-later' : 'signin.elsewhere-refused', { title })}
        </p>
      )}
      <a class="button" href={address('/api/v1/oidc/start', { to: asked() })} data-plain>
        {t('signin.elsewhere', { title })}
      </a>
    </div>
  );
}

export default function SignIn(props: { setup: boolean; provider: string | null }) {
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
        {!props.setup && canPasskey() && (
          <div class="elsewhere">
            <Form action={t('signin.passkey')} onSend={signInByPasskey} second />
          </div>
        )}
        {props.provider !== null && !props.setup && <Elsewhere title={props.provider} />}
      </div>
    </main>
  );
}
