// Where people sign in elsewhere, and which roles the groups of that provider give: for operators.
import { invalidate, useRead } from '../api/cache';
import { act } from '../api/edit';
import { send } from '../api/http';
import { t, words } from '../i18n';
import { Panel, ProblemView } from './basics';
import { Form, Input, UserName } from './form';
import { Table } from './table';
import '../i18n/en/people';

interface GroupRole {
  group: string;
  project: string;
  role: string;
}

interface Shown {
  provider: { title: string; issuer: string; client_id: string; secret: boolean; scope: string; groups: string } | null;
  map: GroupRole[];
}

async function mapGroup(project: string, group: string, roles: string[]): Promise<void> {
  await send(`provider/groups?project=${encodeURIComponent(project)}`, { method: 'POST', json: { group, roles } });
  invalidate();
}

function Groups({ rows }: { rows: GroupRole[] }) {
  return (
    <>
      {rows.length > 0 && (
        <Table
          label={t('provider.groups')}
          rows={rows}
          rowKey={(row) => `${row.group} ${row.project} ${row.role}`}
          columns={[
            { title: t('provider.group'), cell: (row) => row.group },
            { title: t('account.project'), cell: (row) => row.project },
            { title: t('access.role'), cell: (row) => words(row.role) },
          ]}
        />
      )}
      <Form class="row-form" action={t('provider.map')} onSend={(value) => mapGroup(value('project').trim(), value('group').trim(), value('roles').split(/[\s,]+/).filter((role) => role !== ''))}>
        <Input name="group" label={t('provider.group')} />
        <Input name="project" label={t('account.project')} hint={t('provider.project-hint')} />
        <Input name="roles" label={t('account.roles')} required={false} hint={t('provider.roles-hint')} />
      </Form>
    </>
  );
}

export function Provider() {
  const { data, problem } = useRead<Shown>('/api/v1/provider');
  if (problem !== null) return <ProblemView problem={problem} />;
  if (data === null) return null;
  const now = data.provider;
  return (
    <Panel title={t('provider.title')}>
      <p>{now === null ? t('provider.none') : t('provider.is', { title: now.title, issuer: now.issuer })}</p>
      {now !== null && <Groups rows={data.map} />}
      <Form
        key={now?.issuer ?? ''}
        class="row-form"
        action={t(now === null ? 'provider.set' : 'provider.change')}
        onSend={async (value) => {
          const secret = value('secret');
          const json = { title: value('title').trim(), issuer: value('issuer').trim(), client_id: value('client').trim(), groups: value('claim').trim(), ...(secret === '' ? {} : { secret }) };
          await send('provider', { method: 'PUT', json });
          invalidate();
        }}
        more={
          now !== null && (
            <button type="button" onClick={() => void act('provider', { method: 'DELETE' })}>
              {t('provider.remove')}
            </button>
          )
        }
      >
        <Input name="title" label={t('provider.name')} value={now?.title ?? ''} />
        <Input name="issuer" label={t('provider.issuer')} value={now?.issuer ?? ''} hint={t('provider.issuer-hint')} />
        <Input name="client" label={t('provider.client')} value={now?.client_id ?? ''} />
        <Input name="claim" label={t('provider.claim')} value={now?.groups ?? 'groups'} />
        <UserName name={now?.client_id ?? ''} />
        <Input name="secret" label={t('provider.secret')} secret required={false} autocomplete="new-password" hint={t('provider.secret-hint')} />
      </Form>
    </Panel>
  );
}
