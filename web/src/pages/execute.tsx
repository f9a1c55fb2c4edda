// Tests that a person does: the runs in progress, and one of them step by step with the keyboard; signed, it is finished.
import { useState } from 'preact/hooks';
import { invalidate, projectPath, useRead } from '../api/cache';
import { change } from '../api/edit';
import { send } from '../api/http';
import type { Execution, TestRun, TestStatus } from '../api/types';
import { dateTime, t, words } from '../i18n';
import { versionsOf } from '../model/tests';
import { setQuery, useQuery } from '../router';
import { may } from '../state/session';
import { toast } from '../state/toasts';
import { Empty, KeyLink, PageHead, type PageProps, Panel, ProblemView, Tag, To, Waiting } from '../ui/basics';
import { ExecutionSteps } from '../ui/executionsteps';
import { Form, Input, Select } from '../ui/form';
import { OfflineFile } from '../ui/offlinefile';
import { SignDialog } from '../ui/signatures';
import { Table } from '../ui/table';
import '../i18n/en/execute';
import '../i18n/en/tests';

const STAGES = ['development', 'factory', 'site', 'operation'];

function Begin({ project, cases }: { project: string; cases: string }) {
  const onSend = async (value: (name: string) => string): Promise<void> => {
    const environment = value('environment').trim();
    const json = { cases: value('cases').trim().split(/[\s,]+/), stage: value('stage'), versions: versionsOf(value('versions')), ...(environment === '' ? {} : { environment }) };
    const made = await send<{ key: string }>(projectPath(project, 'test-executions', { at: null }), { method: 'POST', json });
    invalidate(project);
    setQuery({ key: made.data.key, cases: '' });
  };
  return (
    <Panel title={t('execute.begin')}>
      <Form class="row-form" action={t('execute.begin')} onSend={onSend}>
        <Input name="cases" label={t('execute.cases')} hint={t('execute.cases-hint')} value={cases} />
        <Select name="stage" label={words('stage')} options={STAGES.map((one) => [one, words(one)])} />
        <Input name="environment" label={t('execute.environment')} required={false} />
        <Input name="versions" label={t('execute.versions')} required={false} hint={t('execute.versions-hint')} pattern="\s*([^\s=,]+=[^\s=,]+[\s,]*)*" />
      </Form>
    </Panel>
  );
}

function Runs({ project, rows }: { project: string; rows: TestRun[] }) {
  return (
    <Table
      label={t('execute.runs')}
      rows={rows}
      rowKey={(one) => one.key}
      columns={[
        {
          title: t('tests.run'),
          cell: (one) => (
            <>
              <To project={project} path="execute" query={{ key: one.key }}>
                {one.key}
              </To>{' '}
              {one.title}
            </>
          ),
        },
        { title: words('state'), cell: (one) => <Tag name={one.state} /> },
        { title: t('tests.when'), cell: (one) => (one.at === null ? t('none') : dateTime(one.at)) },
        { title: t('tests.counts'), cell: (one) => Object.entries(one.counts).filter(([, n]) => n > 0).map(([name, n]) => `${n} ${words(name)}`).join(', ') },
      ]}
    />
  );
}

/** Signing what was recorded finishes the run at once. */
function Finish({ project, run }: { project: string; run: Execution }) {
  const [signing, setSigning] = useState(false);
  const signed = run.signatures.some((one) => one.standing && one.meaning === 'authored');
  const finish = async (): Promise<void> => {
    if (await change(project, `test-executions/${run.key}/finish`, { method: 'POST', json: {} })) toast(t('execute.finished', { key: run.key }));
  };
  if (run.state !== 'in_progress' || !may(project, 'test')) return null;
  return (
    <Panel title={t('execute.finish')}>
      <p>{signed ? t('execute.signed') : t('execute.finish-text')}</p>
      <div class="actions">
        <button type="button" class="primary" onClick={() => (signed ? void finish() : setSigning(true))}>
          {signed ? t('execute.finish') : t('execute.sign')}
        </button>
        <a href={projectPath(project, `test-packs/${run.key}`, { at: null })} download={`${run.key}.html`}>
          {t('execute.pack')}
        </a>
      </div>
      {signing && <SignDialog project={project} keys={[run.key]} meaning="authored" onClose={() => setSigning(false)} onSigned={() => void finish()} />}
    </Panel>
  );
}

function Run({ project, k }: { project: string; k: string }) {
  const { data, problem, loading } = useRead<Execution>(projectPath(project, `test-executions/${encodeURIComponent(k)}`, { at: null }));
  if (problem !== null) return <ProblemView problem={problem} />;
  if (data === null) return loading ? <Waiting /> : null;
  const about = [data.stage === null ? null : words(data.stage), data.environment, data.tester, ...Object.entries(data.versions).map(([key, version]) => `${key} ${version}`)];
  return (
    <>
      <Panel title={data.title}>
        <p>
          <KeyLink project={project} k={data.key} /> <Tag name={data.state} /> {about.filter((one) => one !== null).join('; ')}
        </p>
        {data.body !== '' && <p>{data.body}</p>}
        <p class="dim">{t('execute.keys')}</p>
        <ExecutionSteps project={project} run={data} editable={data.state === 'in_progress' && may(project, 'test')} />
      </Panel>
      <Finish project={project} run={data} />
    </>
  );
}

export default function Execute({ project }: PageProps) {
  const [key] = useQuery('key');
  const [cases] = useQuery('cases');
  const { data, problem } = useRead<TestStatus>(projectPath(project, 'test-status', { at: null }));
  const rows = (data?.runs ?? []).filter((one) => one.by_hand).sort((a, b) => Number(b.state === 'in_progress') - Number(a.state === 'in_progress'));
  return (
    <>
      <PageHead title={t('page.execute')} note={t('execute.note')} />
      {problem !== null && <ProblemView problem={problem} />}
      {key !== '' && <Run key={key} project={project} k={key} />}
      {key === '' && data === null && problem === null && <Waiting />}
      {key === '' && may(project, 'test') && <Begin project={project} cases={cases} />}
      {key === '' && may(project, 'test') && <OfflineFile project={project} />}
      {key === '' && data !== null && (
        <Panel title={t('execute.runs')}>{rows.length === 0 ? <Empty title={t('execute.none')} text={t('execute.none-text')} /> : <Runs project={project} rows={rows} />}</Panel>
      )}
    </>
  );
}
