// What is decided about findings, one or many: shown first when asked, then done as one commit.
import { useRef, useState } from 'preact/hooks';
import { invalidate, projectPath } from '../api/cache';
import { send } from '../api/http';
import { type Problem, problemFrom } from '../api/problem';
import type { Triaged } from '../api/types';
import { t, words } from '../i18n';
import { kindOf, stateNames } from '../model/metamodel';
import { useMetamodel } from '../state/metamodel';
import { toast } from '../state/toasts';
import { ProblemView } from './basics';
import { Input, Select } from './form';
import '../i18n/en/findings';

const DAY = '\\d{4}-\\d{2}-\\d{2}';
const PLAIN = ['state', 'reason', 'owner', 'ticket', 'due', 'treatment', 'treatment_reason', 'window', 'countermeasure', 'until'] as const;

/** What the filled members of the form ask for. */
function asked(form: HTMLFormElement): Record<string, unknown> {
  const given = new FormData(form);
  const value = (name: string): string => String(given.get(name) ?? '').trim();
  const json: Record<string, unknown> = {};
  for (const name of PLAIN) if (value(name) !== '') json[name] = value(name);
  if (given.has('confirm')) json.broken = true;
  const scope = Object.fromEntries(['of', 'versions', 'zone'].map((name) => [name, value(name)]).filter(([, text]) => text !== ''));
  // the scope is that of a decision; one that was chosen is not left out unseen
  if ((json.state !== undefined && json.reason !== undefined) || scope.of !== 'subject' || Object.keys(scope).length > 1) json.scope = scope;
  return json;
}

type Field = HTMLSelectElement | HTMLInputElement;
const fieldOf = (form: HTMLFormElement, name: string): Field => form.elements.namedItem(name) as Field;

function clear(form: HTMLFormElement): void {
  for (const name of ['state', 'reason']) fieldOf(form, name).setCustomValidity('');
}

/** Says at its field what the form lacks, if anything. */
function isComplete(form: HTMLFormElement, wanted: Record<string, unknown>): boolean {
  const decided = wanted.state !== undefined && wanted.reason !== undefined;
  clear(form);
  if (Object.keys(wanted).length === 0) fieldOf(form, 'state').setCustomValidity(t('triage.nothing'));
  else if (wanted.scope !== undefined && !decided) fieldOf(form, wanted.state === undefined ? 'state' : 'reason').setCustomValidity(t('triage.scope-needs'));
  return form.reportValidity();
}

function Outcome({ triaged }: { triaged: Triaged }) {
  return (
    <ul class="plain-list" aria-label={t('triage.outcome')}>
      {triaged.rows.map((row) => (
        <li key={row.key}>{row.refused !== undefined ? `${row.key}: ${row.refused}` : `${row.key}: ${words(row.before!.state)} → ${words(row.after!.state)}`}</li>
      ))}
    </ul>
  );
}

function Fields({ states }: { states: string[] }) {
  const none: [string, string] = ['', t('triage.as-is')];
  return (
    <>
      <Select name="state" label={t('triage.state')} options={[none, ...states.map((name): [string, string] => [name, words(name)])]} />
      <Input name="reason" label={t('triage.reason')} required={false} hint={t('triage.reason-hint')} />
      <label class="check">
        <input type="checkbox" name="confirm" /> {t('triage.confirm')}
      </label>
      <details>
        <summary>{t('triage.scope')}</summary>
        <Select name="of" label={t('triage.of')} options={[['subject', t('triage.of-subject')], ['product', t('triage.of-product')]]} />
        <Input name="versions" label={t('triage.versions')} required={false} hint={t('triage.versions-hint')} />
        <Input name="zone" label={t('triage.zone')} required={false} />
        <Input name="until" label={t('triage.until')} required={false} pattern={DAY} />
      </details>
      <details>
        <summary>{t('triage.work')}</summary>
        <Input name="owner" label={t('triage.owner')} required={false} />
        <Input name="ticket" label={t('triage.ticket')} required={false} />
        <Input name="due" label={t('triage.due')} required={false} pattern={DAY} />
        <Select name="treatment" label={t('triage.treatment')} options={[none, ...['now', 'next_window', 'never'].map((name): [string, string] => [name, words(name)])]} />
        <Input name="treatment_reason" label={t('triage.treatment-reason')} required={false} />
        <Input name="window" label={t('triage.window')} required={false} pattern={DAY} hint={t('triage.window-hint')} />
        <Input name="countermeasure" label={t('triage.countermeasure')} required={false} hint={t('triage.countermeasure-hint')} />
      </details>
    </>
  );
}

export function Triage(props: { project: string; keys: string[]; onDone: () => void }) {
  const form = useRef<HTMLFormElement>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [shown, setShown] = useState<Triaged | null>(null);
  const states = stateNames(kindOf(useMetamodel(), 'finding')).filter((name) => name !== 'new' && name !== 'retired');

  const run = async (dryRun: boolean): Promise<void> => {
    const wanted = asked(form.current!);
    if (!isComplete(form.current!, wanted)) return;
    setProblem(null);
    try {
      const path = projectPath(props.project, 'findings/triage', { at: null, dry_run: dryRun ? 'true' : null });
      const { data } = await send<Triaged>(path, { method: 'POST', json: { items: props.keys, ...wanted } });
      setShown(data);
      if (dryRun || data.refused > 0) return;
      toast(t('triage.done', { n: data.rows.length }));
      form.current!.reset();
      setShown(null);
      invalidate(props.project);
      props.onDone();
    } catch (error) {
      setProblem(problemFrom(error));
    }
  };
  return (
    <form
      ref={form}
      class="decide"
      data-guarded
      onInput={(event) => clear(event.currentTarget)}
      onSubmit={(event) => {
        event.preventDefault();
        void run(false);
      }}
    >
      <Fields states={states} />
      {problem !== null && <ProblemView problem={problem} />}
      {shown !== null && <Outcome triaged={shown} />}
      <div class="actions">
        <button type="submit" class="primary">
          {t('triage.apply', { n: props.keys.length })}
        </button>
        <button type="button" onClick={() => void run(true)}>
          {t('triage.preview')}
        </button>
      </div>
    </form>
  );
}
