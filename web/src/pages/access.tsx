// Who has which role in the project, maybe limited to zones or until a day.
import { invalidate, projectPath, useRead } from '../api/cache';
import { change } from '../api/edit';
import { send } from '../api/http';
import type { Metamodel } from '../api/types';
import { date, t, words } from '../i18n';
import { useMetamodel } from '../state/metamodel';
import { may, session } from '../state/session';
import { useStore } from '../state/store';
import { Empty, KeyLink, PageHead, type PageProps, Panel, ProblemView, Waiting } from '../ui/basics';
import { Form, Input, Select } from '../ui/form';
import { Table } from '../ui/table';
import '../i18n/en/people';

interface Grant {
  name: string;
  full_name: string;
  role: string;
  until: string | null;
  zones: string[];
  baseline: string | null;
}

function GiveRole(props: { project: string; model: Metamodel }) {
  return (
    <Form
      class="row-form"
      action={t('access.give')}
      onSend={async (value) => {
        const zones = value('zones').split(/[\s,]+/).filter((zone) => zone !== '');
        const until = value('until').trim();
        const baseline = value('baseline').trim();
        const json = { name: value('name').trim(), roles: [value('role')], ...(zones.length === 0 ? {} : { zones }), ...(until === '' ? {} : { until }), ...(baseline === '' ? {} : { baseline }) };
        await send(projectPath(props.project, 'roles', { at: null }), { method: 'POST', json });
        invalidate(props.project);
      }}
    >
      <Input name="name" label={t('access.person')} hint={t('access.person-hint')} />
      <Select name="role" label={t('access.role')} options={props.model.roles.map((role) => [role.name, `${words(role.name)}: ${role.help}`])} />
      <Input name="until" label={t('access.until')} required={false} hint={t('access.until-hint')} pattern="\d{4}-\d{2}-\d{2}" />
      <Input name="zones" label={t('access.zones')} required={false} hint={t('access.zones-hint')} />
      <Input name="baseline" label={t('access.baseline')} required={false} hint={t('access.baseline-hint')} />
    </Form>
  );
}

export default function Access({ project }: PageProps) {
  const now = useStore(session);
  const allowed = may(project, 'admin') || (now.kind === 'in' && now.me.person.operator);
  const model = useMetamodel();
  const { data, problem, loading } = useRead<Grant[]>(allowed ? projectPath(project, 'roles', { at: null }) : null);

  if (!allowed) return <Empty title={t('access.not-allowed')} text={t('access.not-allowed-text')} />;
  const take = (grant: Grant): void => {
    void change(project, 'roles', { method: 'DELETE' }, { name: grant.name, roles: grant.role });
  };
  return (
    <>
      <PageHead title={t('page.access')} note={t('access.note')} />
      {problem !== null && <ProblemView problem={problem} />}
      {loading && <Waiting />}
      {data !== null && (
        <Panel title={t('account.roles')}>
          <Table
            label={t('account.roles')}
            rows={data}
            rowKey={(grant) => `${grant.name} ${grant.role}`}
            columns={[
              { title: t('access.person'), cell: (grant) => `${grant.full_name} (${grant.name})` },
              { title: t('access.role'), cell: (grant) => words(grant.role) },
              { title: t('access.until'), cell: (grant) => (grant.until === null ? '' : date(grant.until)) },
              { title: t('access.baseline'), cell: (grant) => (grant.baseline === null ? t('all') : <KeyLink project={project} k={grant.baseline} />) },
              { title: t('access.zones'), cell: (grant) => (grant.zones.length === 0 ? t('all') : grant.zones.map((zone) => [<KeyLink key={zone} project={project} k={zone} />, ' '])) },
              {
                title: t('people.do'),
                cell: (grant) => (
                  <button type="button" onClick={() => take(grant)} aria-label={t('access.take-of', { name: grant.name, role: words(grant.role) })}>
                    {t('access.take')}
                  </button>
                ),
              },
            ]}
          />
        </Panel>
      )}
      {model !== null && (
        <Panel title={t('access.give')}>
          <GiveRole project={project} model={model} />
        </Panel>
      )}
    </>
  );
}
