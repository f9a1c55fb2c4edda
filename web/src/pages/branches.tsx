// Branches of a project: made from any commit, merged back with a choice for each field that both changed, dropped.
import { useState } from 'preact/hooks';
import { invalidate, projectPath, useRead } from '../api/cache';
import { change } from '../api/edit';
import { send } from '../api/http';
import type { AttrValue, Branch, Merge, MergeConflict } from '../api/types';
import { number, t, words } from '../i18n';
import { projectAddress, setQuery, useQuery } from '../router';
import { may } from '../state/session';
import { toast } from '../state/toasts';
import { Empty, KeyLink, PageHead, type PageProps, Panel, ProblemView, To, Waiting } from '../ui/basics';
import { ChoiceView, type Picks } from '../ui/conflict';
import { Form, Input } from '../ui/form';
import { Table } from '../ui/table';
import '../i18n/en/baselines';

const pathOf = (branch: string): string => `branches/${encodeURIComponent(branch)}`;

async function drop(project: string, branch: Branch): Promise<void> {
  if (branch.ahead > 0 && !confirm(t('branches.drop-sure', { name: branch.name, n: branch.ahead }))) return;
  if (await change(project, pathOf(branch.name), { method: 'DELETE' }, branch.ahead > 0 ? { yes: 'true' } : {})) setQuery({ merge: null });
}

function List(props: { project: string; rows: Branch[] }) {
  const { project } = props;
  return (
    <Table
      label={t('branches.all')}
      rows={props.rows}
      rowKey={(one) => one.name}
      columns={[
        { title: t('branches.key'), cell: (one) => <a href={projectAddress(one.key, '')}>{one.key}</a> },
        { title: t('branches.title'), cell: (one) => one.title },
        { title: t('branches.at'), cell: (one) => String(one.from) },
        { title: t('branches.ahead'), cell: (one) => t('branches.commits', { n: one.ahead }) },
        { title: t('branches.behind'), cell: (one) => t('branches.commits', { n: one.behind }) },
        {
          title: t('branches.merge'),
          cell: (one) => (
            <div class="actions">
              <To project={project} path="branches" query={{ merge: one.name }}>
                {t('branches.merge-of', { name: one.name })}
              </To>
              {may(project, 'change') && (
                <button type="button" onClick={() => void drop(project, one)} aria-label={`${t('branches.drop')} ${one.name}`}>
                  {t('branches.drop')}
                </button>
              )}
            </div>
          ),
        },
      ]}
    />
  );
}

// ---- merging ----

const choiceOf = (conflict: MergeConflict) => ({ field: conflict.conflict, theirs: conflict.project, yours: conflict.branch, base: conflict.base });
const said = (conflict: MergeConflict, value: AttrValue) => (value === conflict.project ? 'project' : value === conflict.branch ? 'branch' : { value });

function Changes({ project, merge }: { project: string; merge: Merge }) {
  const n = merge.items.length + merge.links.length + merge.settings.length + merge.results;
  return (
    <Panel title={t('branches.changes', { n })}>
      <ul class="plain-list">
        {merge.items.map((one) => (
          <li key={one.item}>
            {words(one.what)} <KeyLink project={project} k={one.item} /> {one.title} <span class="dim">{one.fields.map((field) => words(field.replace(/^.*\//, ''))).join(', ')}</span>
          </li>
        ))}
        {merge.links.map((one) => (
          <li key={`${one.from} ${one.type} ${one.to} ${one.as ?? ''}`}>
            {words(one.what)} {one.from} {words(one.type)} {one.to} {one.as === undefined ? '' : words(one.as)}
          </li>
        ))}
        {merge.settings.map((name) => (
          <li key={name}>{name}</li>
        ))}
        {merge.renamed.map((one) => (
          <li key={one.becomes}>{t('branches.renamed', one)}</li>
        ))}
      </ul>
      {merge.left.length > 0 && (
        <>
          <h3>{t('branches.left')}</h3>
          <ul class="plain-list">
            {merge.left.map((one) => (
              <li key={one.what}>
                {words(one.what)}: {number(one.n)} <span class="dim">{one.items.join(', ')}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}

function Conflicts(props: { merge: Merge; picks: Picks; onPick: (name: string, value: AttrValue) => void }) {
  const sides = { theirs: t('branches.side-project'), yours: t('branches.side-branch'), base: t('branches.side-base') };
  if (props.merge.conflicts.length === 0) return null;
  return (
    <Panel title={t('branches.conflicts', { n: props.merge.conflicts.length })}>
      {props.merge.conflicts.map((one) => (
        <ChoiceView
          key={one.conflict}
          choice={choiceOf(one)}
          title={one.conflict}
          sides={sides}
          closed={!one.value_possible}
          picks={props.picks}
          onPick={(value) => props.onPick(one.conflict, value)}
        />
      ))}
    </Panel>
  );
}

function Merging({ project, branch, merge }: { project: string; branch: string; merge: Merge }) {
  const [picks, setPicks] = useState<Picks>(new Map());
  const open = merge.conflicts.filter((one) => !picks.has(one.conflict)).length;
  const onSend = async (value: (name: string) => string): Promise<void> => {
    const choices = Object.fromEntries(merge.conflicts.map((one) => [one.conflict, said(one, picks.get(one.conflict)!)]));
    const json = { choices, project_commit: merge.project_commit, branch_commit: merge.branch_commit };
    const done = await send<{ commit: number }>(projectPath(project, `${pathOf(branch)}/merge`, { message: value('why'), at: null }), { method: 'POST', json });
    invalidate(project);
    toast(t('branches.merged', { name: branch, n: done.data.commit }));
    setQuery({ merge: null });
  };
  return (
    <>
      <Conflicts merge={merge} picks={picks} onPick={(name, value) => setPicks(new Map(picks).set(name, value))} />
      <Changes project={project} merge={merge} />
      {may(project, 'change') && (
        <Panel title={t('branches.merge-of', { name: branch })}>
          {open > 0 ? (
            <p>{t('branches.undecided', { n: open })}</p>
          ) : (
            <Form action={t('branches.merge')} onSend={onSend}>
              <Input name="why" label={t('branches.why')} />
            </Form>
          )}
        </Panel>
      )}
    </>
  );
}

function Preview({ project, branch }: { project: string; branch: string }) {
  const { data, problem, loading } = useRead<Merge>(projectPath(project, `${pathOf(branch)}/merge`, { at: null }));
  if (problem !== null) return <ProblemView problem={problem} />;
  if (loading || data === null) return <Waiting />;
  if (data.items.length + data.links.length + data.settings.length + data.results + data.left.length === 0) return <p>{t('branches.nothing')}</p>;
  return <Merging key={`${data.project_commit} ${data.branch_commit}`} project={project} branch={branch} merge={data} />;
}

// ---- the page ----

function Make({ project }: { project: string }) {
  const onSend = async (value: (name: string) => string): Promise<void> => {
    const title = value('title').trim();
    const at = value('from').trim();
    const json = { name: value('name').trim(), ...(title === '' ? {} : { title }) };
    const made = await send<Branch>(projectPath(project, 'branches', { at: at === '' ? null : at }), { method: 'POST', json });
    invalidate();
    toast(t('branches.made', { key: made.data.key }));
  };
  return (
    <Panel title={t('branches.make')}>
      <Form class="row-form three" action={t('branches.make')} onSend={onSend}>
        <Input name="name" label={t('branches.name')} hint={t('branches.name-hint')} pattern="[A-Za-z0-9_\-]{1,32}" />
        <Input name="title" label={t('branches.title')} required={false} />
        <Input name="from" label={t('branches.at')} required={false} hint={t('branches.at-hint')} />
      </Form>
    </Panel>
  );
}

export default function Branches({ project }: PageProps) {
  const [merge] = useQuery('merge');
  const { data, problem, loading } = useRead<Branch[]>(projectPath(project, 'branches', { at: null }));
  return (
    <>
      <PageHead title={t('page.branches')} note={t('branches.note')} />
      {problem !== null && <ProblemView problem={problem} />}
      {loading && <Waiting />}
      {data?.length === 0 && <Empty title={t('branches.none')} text={t('branches.none-text')} />}
      {data !== null && data.length > 0 && (
        <Panel title={t('branches.all')}>
          <List project={project} rows={data} />
        </Panel>
      )}
      {merge !== '' && data?.some((one) => one.name === merge) && <Preview key={merge} project={project} branch={merge} />}
      {merge === '' && may(project, 'change') && <Make project={project} />}
    </>
  );
}
