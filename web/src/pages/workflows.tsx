// The state machine of each kind: states, which leads where, by whom, and what it asks for; the default or the project's own.
import { useEffect, useState } from 'preact/hooks';
import { projectPath, useRead } from '../api/cache';
import { change } from '../api/edit';
import type { Kind, Metamodel } from '../api/types';
import { t, words } from '../i18n';
import { kindOf } from '../model/metamodel';
import { addRule, addState, bodyOf, dropRule, dropState, type KindWorkflow, ruleOf, setRule, setState } from '../model/workflow';
import { useQuery } from '../router';
import { useMetamodel } from '../state/metamodel';
import { may } from '../state/session';
import { toast } from '../state/toasts';
import { PageHead, type PageProps, Panel, ProblemView, Tag, Waiting } from '../ui/basics';
import { Chooser } from '../ui/chooser';
import { RuleEditor } from '../ui/workflowrule';
import '../i18n/en/item';
import '../i18n/en/people';
import '../i18n/en/workflow';

interface EditProps {
  machine: KindWorkflow;
  model: Metamodel;
  editable: boolean;
  onMachine: (machine: KindWorkflow) => void;
}

function States(props: EditProps) {
  const { machine, editable, onMachine } = props;
  const left = props.model.states.map((one) => one.name).filter((name) => !machine.states.some((one) => one.state === name));
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">{t('item.state')}</th>
            <th scope="col">{t('workflow.first')}</th>
            <th scope="col">{t('workflow.locked')}</th>
            <th scope="col">{t('workflow.label')}</th>
            {editable && <th scope="col">{t('people.do')}</th>}
          </tr>
        </thead>
        <tbody>
          {machine.states.map((one) => (
            <tr key={one.state}>
              <th scope="row">
                <Tag name={one.state} />
              </th>
              <td>
                <input
                  type="radio"
                  name="workflow-initial"
                  aria-label={t('workflow.first-of', { state: words(one.state) })}
                  disabled={!editable}
                  checked={machine.initial === one.state}
                  onChange={() => onMachine({ ...machine, initial: one.state })}
                />
              </td>
              <td>
                <input
                  type="checkbox"
                  aria-label={t('workflow.locked-of', { state: words(one.state) })}
                  disabled={!editable}
                  checked={one.locked}
                  onChange={() => onMachine(setState(machine, one.state, { locked: !one.locked }))}
                />
              </td>
              <td>
                <input
                  aria-label={t('workflow.label-of', { state: words(one.state) })}
                  disabled={!editable}
                  maxLength={64}
                  value={one.label ?? ''}
                  onInput={(event) => onMachine(setState(machine, one.state, { label: event.currentTarget.value }))}
                />
              </td>
              {editable && (
                <td>
                  <button type="button" class="quiet" aria-label={t('workflow.drop', { what: words(one.state) })} onClick={() => onMachine(dropState(machine, one.state))}>
                    ×
                  </button>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {editable && (
        <div class="field inline start add-state">
          <label for="add-state">{t('workflow.add-state')}</label>
          <select id="add-state" value="" onChange={(event) => event.currentTarget.value !== '' && onMachine(addState(machine, event.currentTarget.value))}>
            <option value="">{t('workflow.choose')}</option>
            {left.map((name) => (
              <option key={name} value={name}>
                {words(name)}
              </option>
            ))}
          </select>
        </div>
      )}
    </div>
  );
}

interface Cell {
  from: string;
  to: string;
}

/** From each state (rows) to each (columns): by whom. */
function Matrix(props: EditProps & { chosen: Cell | null; onChosen: (cell: Cell) => void }) {
  const { machine, chosen } = props;
  const names = machine.states.map((one) => one.state);
  return (
    <div class="scroll" role="region" aria-label={t('workflow.transitions')} tabIndex={0}>
      <table class="workflow-matrix">
        <thead>
          <tr>
            <th scope="col">{t('workflow.from-to')}</th>
            {names.map((to) => (
              <th key={to} scope="col">
                {words(to)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {names.map((from) => (
            <tr key={from}>
              <th scope="row">{words(from)}</th>
              {names.map((to) => {
                const rule = ruleOf(machine, from, to);
                if (from === to || (rule === null && !props.editable)) return <td key={to} class="dim" />;
                return (
                  <td key={to}>
                    <button
                      type="button"
                      class={rule === null ? 'quiet' : ''}
                      aria-pressed={chosen?.from === from && chosen.to === to}
                      aria-label={rule === null ? t('workflow.allow', { from: words(from), to: words(to) }) : undefined}
                      onClick={() => props.onChosen({ from, to })}
                    >
                      {rule !== null && <span class="hidden">{t('workflow.rule', { from: words(from), to: words(to) })}: </span>}
                      {rule === null ? '+' : rule.roles.map(words).join(', ')}
                      {rule?.other_person && <span class="dim"> · {t('workflow.other')}</span>}
                      {(rule?.signatures.length ?? 0) > 0 && <span class="dim"> · {t('workflow.signed')}</span>}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Save(props: { project: string; machine: KindWorkflow; changed: boolean; onSaved: () => void }) {
  const { project, machine } = props;
  const [message, setMessage] = useState('');
  const path = `workflows/${encodeURIComponent(machine.kind)}`;
  const done = (text: string): void => {
    toast(text);
    setMessage('');
    props.onSaved();
  };
  return (
    <form
      class="toolbar"
      onSubmit={(event) => {
        event.preventDefault();
        void change(project, path, { method: 'PUT', json: bodyOf(machine) }, { message }).then((taken) => taken && done(t('workflow.saved', { kind: words(machine.kind) })));
      }}
    >
      <div class="field inline">
        <label for="workflow-why">{t('bulk.message')}</label>
        <input id="workflow-why" value={message} onInput={(event) => setMessage(event.currentTarget.value)} />
      </div>
      <button type="submit" class="primary" disabled={!props.changed}>
        {t('item.save')}
      </button>
      {props.changed && (
        <button type="button" onClick={props.onSaved}>
          {t('conflict.drop')}
        </button>
      )}
      {machine.own && !props.changed && (
        <button
          type="button"
          onClick={() => void change(project, path, { method: 'DELETE' }, { message }).then((taken) => taken && done(t('workflow.reset-done', { kind: words(machine.kind) })))}
        >
          {t('workflow.reset')}
        </button>
      )}
    </form>
  );
}

function Editor(props: { project: string; given: KindWorkflow; kind: Kind; model: Metamodel; editable: boolean }) {
  const { project, given, kind, model, editable } = props;
  const [draft, setDraft] = useState<KindWorkflow | null>(null);
  const [chosen, setChosen] = useState<Cell | null>(null);
  const machine = draft ?? given;
  const rule = chosen === null ? null : ruleOf(machine, chosen.from, chosen.to);
  const firstRole = model.roles.find((role) => role.permissions.includes('sign'))?.name ?? '';
  const edit = { machine, model, editable, onMachine: setDraft };

  useEffect(() => setDraft(null), [given]);
  return (
    <>
      <Panel title={t('workflow.states')} aside={<span class="dim">{t(given.own ? 'workflow.own' : 'workflow.default')}</span>}>
        <States {...edit} />
      </Panel>
      <Panel title={t('workflow.transitions')}>
        <Matrix
          {...edit}
          chosen={chosen}
          onChosen={(cell) => {
            setChosen(cell);
            if (editable && ruleOf(machine, cell.from, cell.to) === null) setDraft(addRule(machine, cell.from, cell.to, firstRole));
          }}
        />
        {rule !== null && (
          <section aria-label={t('workflow.rule', { from: words(rule.from), to: words(rule.to) })}>
            <h3>{t('workflow.rule', { from: words(rule.from), to: words(rule.to) })}</h3>
            <RuleEditor
              rule={rule}
              kind={kind}
              model={model}
              disabled={!editable}
              onRule={(next) => setDraft(setRule(machine, rule.from, rule.to, next))}
              onDrop={() => setDraft(dropRule(machine, rule.from, rule.to))}
            />
          </section>
        )}
      </Panel>
      {editable && <Save project={project} machine={machine} changed={draft !== null} onSaved={() => setDraft(null)} />}
    </>
  );
}

export default function Workflows({ project }: PageProps) {
  const model = useMetamodel();
  const [name] = useQuery('kind', 'requirement');
  const [at] = useQuery('at');
  const { data, problem, loading } = useRead<KindWorkflow[]>(projectPath(project, 'workflows'));
  const given = data?.find((one) => one.kind === name);
  const kind = kindOf(model, name);
  return (
    <>
      <PageHead title={t('page.workflows')} note={t('workflow.note')} />
      {problem !== null && <ProblemView problem={problem} />}
      {(loading || model === null) && <Waiting />}
      {data !== null && model !== null && (
        <div class="toolbar">
          <Chooser label={t('item.kind')} name="kind" value={name} all={null} options={data.map((one) => [one.kind, words(one.kind) + (one.own ? ` (${t('workflow.own-short')})` : '')])} />
        </div>
      )}
      {given !== undefined && kind !== null && model !== null && <Editor key={name} project={project} given={given} kind={kind} model={model} editable={may(project, 'admin') && at === ''} />}
    </>
  );
}
