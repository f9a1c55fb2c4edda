// The passkeys of an account: made here, named, and removed.
import { invalidate, useRead } from '../api/cache';
import { act } from '../api/edit';
import { canPasskey, makePasskey, type Passkey } from '../api/passkey';
import { date, dateTime, t } from '../i18n';
import { ProblemView } from './basics';
import { Form, Input, UserName } from './form';
import { Table } from './table';
import '../i18n/en/people';

export function Passkeys({ name }: { name: string }) {
  const { data, problem } = useRead<Passkey[]>('/api/v1/passkeys');
  return (
    <>
      <p>{t('passkeys.text')}</p>
      {problem !== null && <ProblemView problem={problem} />}
      {data !== null && data.length > 0 && (
        <Table
          label={t('passkeys.title')}
          rows={data}
          rowKey={(one) => one.id}
          columns={[
            { title: t('signin.name'), cell: (one) => one.name },
            { title: t('passkeys.host'), cell: (one) => one.host },
            { title: t('account.since'), cell: (one) => date(one.created) },
            { title: t('account.used'), cell: (one) => (one.used === null ? t('account.never') : dateTime(one.used)) },
            {
              title: t('people.do'),
              cell: (one) => (
                <button type="button" aria-label={t('passkeys.remove-of', { name: one.name })} onClick={() => void act(`passkeys/${one.id}`, { method: 'DELETE' })}>
                  {t('passkeys.remove')}
                </button>
              ),
            },
          ]}
        />
      )}
      {canPasskey() && (
        <Form
          class="row-form"
          action={t('passkeys.do')}
          onSend={async (value) => {
            await makePasskey(value('name').trim(), value('present'));
            invalidate();
          }}
        >
          <Input name="name" label={t('signin.name')} hint={t('passkeys.name-hint')} />
          <UserName name={name} />
          <Input name="present" label={t('account.password-now')} secret autocomplete="current-password" required={false} hint={t('passkeys.password-hint')} />
        </Form>
      )}
    </>
  );
}
