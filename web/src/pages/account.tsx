// Who I am here: what I may do where, my password, one-time codes, tokens of my programs, and where I am signed in.
import { useState } from 'preact/hooks';
import { invalidate, useRead } from '../api/cache';
import { act } from '../api/edit';
import { send } from '../api/http';
import { date, dateTime, t, words } from '../i18n';
import { projectAddress } from '../router';
import { PASSWORD_LEAST, renewSession, session, startSession } from '../state/session';
import { useStore } from '../state/store';
import { toast } from '../state/toasts';
import { Empty, PageHead, Panel, ProblemView } from '../ui/basics';
import { Form, Input, UserName } from '../ui/form';
import { Passkeys } from '../ui/passkeys';
import { Table } from '../ui/table';
import '../i18n/en/log';
import '../i18n/en/people';

interface Token {
  id: string;
  name: string;
  scope: string[];
  project: string | null;
  created: string;
  expires: string;
  used: string | null;
  revoked: string | null;
}

interface SignedIn {
  id: string;
  address: string | null;
  created: string;
  seen: string;
  expires: string;
}

function Password({ name }: { name: string }) {
  return (
    <Form
      action={t('account.password-do')}
      onSend={async (value) => {
        await send(`users/${encodeURIComponent(name)}/password`, { method: 'PUT', json: { present: value('present'), password: value('password') } });
        toast(t('account.password-done'));
        await startSession(); // a new password ended all sessions, this one too
      }}
    >
      <UserName name={name} />
      <Input name="present" label={t('account.password-now')} secret autocomplete="current-password" />
      <Input name="password" label={t('account.password-new')} secret autocomplete="new-password" minLength={PASSWORD_LEAST} hint={t('setup.password-hint', { n: PASSWORD_LEAST })} />
    </Form>
  );
}

function Codes({ on, name }: { on: boolean; name: string }) {
  const [address, setAddress] = useState<string | null>(null);
  if (on)
    return (
      <Form
        action={t('account.totp-remove')}
        onSend={async (value) => {
          await send('totp/remove', { method: 'POST', json: { present: value('present') } });
          await startSession(); // that ended all sessions, this one too
        }}
      >
        <p>{t('account.totp-on')}</p>
        <UserName name={name} />
        <Input name="present" label={t('account.password-now')} secret autocomplete="current-password" />
      </Form>
    );
  if (address === null)
    return (
      <>
        <p>{t('account.totp-off')}</p>
        <button type="button" onClick={() => void send<{ address: string }>('totp', { method: 'POST' }).then((answer) => setAddress(answer.data.address), (error: Error) => toast(error.message, { tone: 'bad' }))}>
          {t('account.totp-begin')}
        </button>
      </>
    );
  return (
    <Form
      action={t('account.totp-confirm')}
      onSend={async (value) => {
        await send('totp/confirm', { method: 'POST', json: { code: value('code').trim() } });
        setAddress(null);
        await renewSession();
      }}
    >
      <p>{t('account.totp-key')}</p>
      <p>
        <code>{new URL(address).searchParams.get('secret')}</code>
      </p>
      <p>
        <code>{address}</code>
      </p>
      <Input name="code" label={t('signin.code')} autocomplete="one-time-code" />
    </Form>
  );
}

function Tokens() {
  const { data, problem } = useRead<Token[]>('/api/v1/tokens');
  const [made, setMade] = useState<string | null>(null);
  return (
    <>
      {problem !== null && <ProblemView problem={problem} />}
      {data !== null && data.length > 0 && (
        <Table
          label={t('account.tokens')}
          rows={data}
          rowKey={(token) => token.id}
          columns={[
            { title: t('signin.name'), cell: (token) => token.name },
            { title: t('account.scope'), cell: (token) => token.scope.map(words).join(', ') },
            { title: t('account.expires'), cell: (token) => date(token.expires) },
            { title: t('account.used'), cell: (token) => (token.used === null ? t('account.never') : dateTime(token.used)) },
            {
              title: t('people.do'),
              cell: (token) =>
                token.revoked !== null ? (
                  t('account.revoked')
                ) : (
                  <button type="button" aria-label={t('account.revoke-of', { name: token.name })} onClick={() => void act(`tokens/${token.id}`, { method: 'DELETE' })}>
                    {t('account.revoke')}
                  </button>
                ),
            },
          ]}
        />
      )}
      {made !== null && (
        <p class="notice" role="status">
          {t('account.token-made')} <code>{made}</code>
        </p>
      )}
      <Form
        class="row-form"
        action={t('account.token-do')}
        onSend={async (value) => {
          const scope = value('scope').split(/[\s,]+/).filter((one) => one !== '');
          const answer = await send<{ token: string }>('tokens', { method: 'POST', json: { name: value('name').trim(), ...(scope.length === 0 ? {} : { scope }) } });
          setMade(answer.data.token);
          invalidate();
        }}
      >
        <Input name="name" label={t('signin.name')} hint={t('account.token-hint')} />
        <Input name="scope" label={t('account.scope')} required={false} value="read" hint={t('account.scope-hint')} />
      </Form>
    </>
  );
}

function Sessions() {
  const { data, problem } = useRead<SignedIn[]>('/api/v1/sessions');
  return (
    <>
      {problem !== null && <ProblemView problem={problem} />}
      {data !== null && (
        <Table
          label={t('account.sessions')}
          rows={data}
          rowKey={(one) => one.id}
          columns={[
            { title: t('audit.address'), cell: (one) => one.address ?? '' },
            { title: t('account.since'), cell: (one) => dateTime(one.created) },
            { title: t('account.seen'), cell: (one) => dateTime(one.seen) },
            {
              title: t('people.do'),
              cell: (one) => (
                <button type="button" aria-label={t('account.end-of', { time: dateTime(one.created) })} onClick={() => void act(`sessions/${one.id}`, { method: 'DELETE' })}>
                  {t('account.end')}
                </button>
              ),
            },
          ]}
        />
      )}
    </>
  );
}

function Mail() {
  const { data, problem } = useRead<{ mail: boolean }>('/api/v1/users/me');
  const change = async (box: HTMLInputElement): Promise<void> => {
    const on = box.checked;
    if (!(await act('users/me/mail', { method: 'PUT', json: { on } }))) box.checked = !on; // what was refused is not shown as done
  };
  return (
    <>
      {problem !== null && <ProblemView problem={problem} />}
      {data !== null && (
        <label class="check">
          <input type="checkbox" checked={data.mail} onChange={(event) => void change(event.currentTarget)} /> {t('account.mail-on')}
        </label>
      )}
    </>
  );
}

export default function Account() {
  const now = useStore(session);
  if (now.kind !== 'in') return null;
  const { person, projects, totp } = now.me;
  return (
    <>
      <PageHead title={person.full_name || person.name} note={person.operator ? t('account.operator') : person.name} />
      <Panel title={t('account.roles')}>
        {projects.length === 0 ? (
          <Empty title={t('account.no-roles')} text={t('account.no-roles-text')} />
        ) : (
          <Table
            label={t('account.roles')}
            rows={projects}
            rowKey={(project) => project.key}
            columns={[
              { title: t('account.project'), cell: (project) => <a href={projectAddress(project.key, '')}>{project.title}</a> },
              { title: t('account.roles'), cell: (project) => project.roles.map(words).join(', ') },
              { title: t('account.permissions'), cell: (project) => project.permissions.map(words).join(', ') },
            ]}
          />
        )}
      </Panel>
      <div class="cards">
        <Panel title={t('account.password')}>
          <Password name={person.name} />
        </Panel>
        <Panel title={t('account.totp')}>
          <Codes on={totp} name={person.name} />
        </Panel>
        <Panel title={t('account.mail')}>
          <Mail />
        </Panel>
      </div>
      <Panel title={t('passkeys.title')}>
        <Passkeys name={person.name} />
      </Panel>
      <Panel title={t('account.tokens')}>
        <Tokens />
      </Panel>
      <Panel title={t('account.sessions')}>
        <Sessions />
      </Panel>
    </>
  );
}
