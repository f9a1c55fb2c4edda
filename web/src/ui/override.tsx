// Another level than the risks give, with its reason; where it is lower, with the risk that stays.
import { useState } from 'preact/hooks';
import { projectPath, useRead } from '../api/cache';
import { save } from '../api/edit';
import type { AttrValue, Derivation, FullItem, Vector } from '../api/types';
import { t } from '../i18n';
import type { FrName } from '../state/names';
import { ProblemView, Waiting } from './basics';
import { Dialog } from './dialog';
import '../i18n/en/risk';

const LEVELS = [0, 1, 2, 3, 4];

interface Draft {
  vector: Vector;
  reason: string;
  residual: string;
}

/** The target with its entries changed; the basis of an entry that was not touched stays. */
function patchOf(derivation: Derivation, draft: Draft): { attrs: Record<string, AttrValue> } {
  const basis = draft.vector.map((level, i) => (level === (derivation.stated[i] ?? null) ? (derivation.stated_basis[i] ?? 'detailed') : 'override'));
  return {
    attrs: {
      vector: draft.vector,
      basis,
      derived: derivation.derived,
      override_reason: draft.reason.trim(),
      residual_risk: draft.residual.trim() === '' ? null : draft.residual.trim(),
    },
  };
}

function Levels(props: { names: FrName[]; derivation: Derivation; vector: Vector; onVector: (vector: Vector) => void }) {
  return (
    <fieldset class="named">
      <legend>{t('override.levels')}</legend>
      {props.names.map((row, i) => (
        <label key={row.fr}>
          <span>
            {row.name} {row.title} <span class="dim">{t('override.derived', { n: props.derivation.derived[i] ?? '?' })}</span>
          </span>
          <select value={props.vector[i] ?? ''} onChange={(event) => props.onVector(props.vector.with(i, event.currentTarget.value === '' ? null : Number(event.currentTarget.value)))}>
            <option value="">{t('unknown')}</option>
            {LEVELS.map((level) => (
              <option key={level} value={level}>
                {level}
              </option>
            ))}
          </select>
        </label>
      ))}
    </fieldset>
  );
}

function OverrideForm(props: { project: string; item: FullItem; derivation: Derivation; names: FrName[]; onClose: () => void }) {
  const { derivation, item } = props;
  const text = (name: string): string => (typeof item.attrs[name] === 'string' ? item.attrs[name] : '');
  const [draft, setDraft] = useState<Draft>({ vector: derivation.stated, reason: text('override_reason'), residual: text('residual_risk') });
  const lowered = draft.vector.some((level, i) => (level ?? 0) < (derivation.derived[i] ?? 0));

  const onSubmit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if ((await save(props.project, item, patchOf(derivation, draft))) !== null) props.onClose();
  };
  return (
    <form data-guarded onSubmit={(event) => void onSubmit(event)}>
      <Levels names={props.names} derivation={derivation} vector={draft.vector} onVector={(vector) => setDraft({ ...draft, vector })} />
      <div class="field">
        <label for="override-reason">{t('override.reason')}</label>
        <textarea id="override-reason" required rows={2} value={draft.reason} onInput={(event) => setDraft({ ...draft, reason: event.currentTarget.value })} />
      </div>
      {lowered && (
        <div class="field">
          <label for="override-residual">{t('override.residual')}</label>
          <textarea id="override-residual" required rows={2} value={draft.residual} onInput={(event) => setDraft({ ...draft, residual: event.currentTarget.value })} />
          <span class="dim">{t('override.lowered')}</span>
        </div>
      )}
      <p class="dim">{t('override.next')}</p>
      <div class="actions">
        <button type="submit" class="primary">
          {t('override.save')}
        </button>
        <button type="button" onClick={props.onClose}>
          {t('cancel')}
        </button>
      </div>
    </form>
  );
}

export function Override(props: { project: string; target: string; derivation: Derivation; names: FrName[]; onClose: () => void }) {
  const { data, problem } = useRead<FullItem>(projectPath(props.project, `items/${encodeURIComponent(props.target)}`));
  return (
    <Dialog title={t('override.title', { key: props.target })} onClose={props.onClose}>
      {problem !== null && <ProblemView problem={problem} />}
      {data === null ? problem === null && <Waiting /> : <OverrideForm {...props} item={data} />}
    </Dialog>
  );
}
