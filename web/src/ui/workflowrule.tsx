// One transition: who may make it, and what has to be there first.
import { useId } from 'preact/hooks';
import type { Kind, Metamodel } from '../api/types';
import { t, words } from '../i18n';
import { endName, linkEnds } from '../model/metamodel';
import type { WorkflowLink, WorkflowRule, WorkflowSignature } from '../model/workflow';
import '../i18n/en/workflow';

const MEMBERS = ['title', 'body', 'owner', 'tags', 'parent', 'attachments'];
const DUALS: WorkflowRule['dual'][] = ['never', 'safety', 'disciplines', 'always'];

interface ChoiceProps {
  title: string;
  all: string[];
  chosen: string[];
  disabled: boolean;
  onChosen: (chosen: string[]) => void;
}

function Choices(props: ChoiceProps) {
  return (
    <fieldset class="choices" disabled={props.disabled}>
      <legend>{props.title}</legend>
      {props.all.map((name) => (
        <label key={name}>
          <input
            type="checkbox"
            checked={props.chosen.includes(name)}
            onChange={() => props.onChosen(props.chosen.includes(name) ? props.chosen.filter((one) => one !== name) : [...props.chosen, name])}
          />{' '}
          {words(name)}
        </label>
      ))}
    </fieldset>
  );
}

interface CountedProps<Row> {
  title: string;
  add: string;
  rows: Row[];
  options: { value: string; text: string; row: Row }[];
  valueOf: (row: Row) => string;
  disabled: boolean;
  onRows: (rows: Row[]) => void;
}

/** Rows of which each says how many, and one more from a list. */
function Counted<Row extends { least?: number }>(props: CountedProps<Row>) {
  const id = useId();
  const { rows } = props;
  const left = props.options.filter((option) => !rows.some((row) => props.valueOf(row) === option.value));
  const textOf = (row: Row): string => props.options.find((option) => option.value === props.valueOf(row))?.text ?? props.valueOf(row);
  return (
    <fieldset class="named" disabled={props.disabled}>
      <legend>{props.title}</legend>
      {rows.map((row) => (
        <div key={props.valueOf(row)} class="toolbar">
          <label>
            <span>{textOf(row)}</span>{' '}
            <input
              class="narrow"
              type="number"
              min={1}
              max={16}
              aria-label={t('workflow.least', { what: textOf(row) })}
              value={row.least ?? 1}
              onChange={(event) => props.onRows(rows.map((one) => (one === row ? { ...one, least: Number(event.currentTarget.value) } : one)))}
            />
          </label>
          <button type="button" class="quiet" aria-label={t('workflow.drop', { what: textOf(row) })} onClick={() => props.onRows(rows.filter((one) => one !== row))}>
            ×
          </button>
        </div>
      ))}
      {left.length > 0 && !props.disabled && (
        <>
          <label class="hidden" for={id}>
            {props.add}
          </label>
          <select
            id={id}
            value=""
            onChange={(event) => {
              const option = left.find((one) => one.value === event.currentTarget.value);
              if (option !== undefined) props.onRows([...rows, option.row]);
            }}
          >
            <option value="">{props.add}</option>
            {left.map((option) => (
              <option key={option.value} value={option.value}>
                {option.text}
              </option>
            ))}
          </select>
        </>
      )}
    </fieldset>
  );
}

const linkValue = (link: WorkflowLink): string => `${link.type} ${link.end ?? 'from'}${link.passed === true ? ' passed' : ''}`;

export function RuleEditor(props: { rule: WorkflowRule; kind: Kind; model: Metamodel; disabled: boolean; onRule: (change: Partial<WorkflowRule>) => void; onDrop: () => void }) {
  const { rule, kind, model, disabled } = props;
  const dual = useId();
  const links = linkEnds(model, kind.name).flatMap((end) => {
    const row: WorkflowLink = { type: end.type.name, end: end.outward ? 'from' : 'to', least: 1 };
    const passed: WorkflowLink = { ...row, passed: true };
    const plain = { value: linkValue(row), text: endName(end), row };
    return row.type === 'verifies' && !end.outward ? [plain, { value: linkValue(passed), text: t('workflow.passed', { what: endName(end) }), row: passed }] : [plain];
  });
  const meanings = model.meanings.filter((meaning) => meaning.kinds.includes(kind.name));
  const signatures = meanings.map((meaning) => ({ value: meaning.name, text: words(meaning.name), row: { meaning: meaning.name, least: 1 } as WorkflowSignature }));
  return (
    <div class="rule-editor">
      <Choices
        title={t('workflow.roles')}
        all={model.roles.filter((role) => role.permissions.includes('sign')).map((role) => role.name)}
        chosen={rule.roles}
        disabled={disabled}
        onChosen={(roles) => props.onRule({ roles })}
      />
      <fieldset class="choices" disabled={disabled}>
        <legend>{t('workflow.people')}</legend>
        <label>
          <input type="checkbox" checked={rule.other_person} onChange={() => props.onRule({ other_person: !rule.other_person })} /> {t('workflow.other-person')}
        </label>
      </fieldset>
      <div class="field inline start">
        <label for={dual}>{t('workflow.dual')}</label>
        <select id={dual} disabled={disabled} value={rule.dual} onChange={(event) => props.onRule({ dual: event.currentTarget.value as WorkflowRule['dual'] })}>
          {DUALS.map((one) => (
            <option key={one} value={one}>
              {t(`workflow.dual-${one}`)}
            </option>
          ))}
        </select>
      </div>
      <Counted
        title={t('workflow.signatures')}
        add={t('workflow.add-signature')}
        rows={rule.signatures}
        options={signatures}
        valueOf={(row) => row.meaning}
        disabled={disabled}
        onRows={(rows) => props.onRule({ signatures: rows })}
      />
      <Counted title={t('workflow.links')} add={t('workflow.add-link')} rows={rule.links} options={links} valueOf={linkValue} disabled={disabled} onRows={(rows) => props.onRule({ links: rows })} />
      <details class="branch">
        <summary>
          <span class="branch-title">{t('workflow.fields')}</span> <span class="dim">{rule.fields.map(words).join(', ') || t('none')}</span>
        </summary>
        <Choices
          title={t('workflow.fields')}
          all={[...MEMBERS, ...kind.attrs.map((attr) => attr.name)]}
          chosen={rule.fields}
          disabled={disabled}
          onChosen={(fields) => props.onRule({ fields })}
        />
      </details>
      {!disabled && (
        <div class="actions">
          <button type="button" onClick={props.onDrop}>
            {t('workflow.drop-rule')}
          </button>
        </div>
      )}
    </div>
  );
}
