// Someone else was faster: for each field that both changed, keep theirs, put yours, or write a third.
import { useState } from 'preact/hooks';
import { type Conflict, conflict } from '../api/edit';
import type { AttrValue } from '../api/types';
import { t, words } from '../i18n';
import type { Choice } from '../model/merge';
import { editValue, showValue } from '../model/value';
import { useStore } from '../state/store';
import { Dialog } from './dialog';
import { Redline } from './redline';

export type Picks = ReadonlyMap<string, AttrValue>;

const typeOf = (value: AttrValue): string => (Array.isArray(value) ? 'list' : value !== null && typeof value === 'object' ? 'texts' : 'text');

type Side = 'theirs' | 'yours' | 'base';

/** `sides`: what the three are called where they are not those of two people; `closed`: no third value is possible. */
export function ChoiceView(props: { choice: Choice; picks: Picks; onPick: (value: AttrValue) => void; title?: string; sides?: Record<Side, string>; closed?: boolean }) {
  const { choice } = props;
  const name = props.title ?? words(choice.field.replace(/^attrs\./, ''));
  const text = (value: AttrValue): string => editValue(value, typeOf(value));
  const picked = props.picks.get(choice.field);
  const all: [Side, AttrValue][] = [
    ['theirs', choice.theirs],
    ['yours', choice.yours],
    ['base', choice.base],
  ];
  const options = props.closed === true ? all.slice(0, 2) : all;
  return (
    <fieldset>
      <legend>{name}</legend>
      {options.map(([side, value]) => (
        <label key={side} class="choice">
          <input type="radio" name={choice.field} checked={props.picks.has(choice.field) && picked === value} onChange={() => props.onPick(value)} />
          <span class="dim">{props.sides?.[side] ?? t(`conflict.${side}`)}</span>
          <span>{side === 'base' ? showValue(value, typeOf(value)) || t('none') : <Redline before={text(choice.base)} after={text(value)} />}</span>
        </label>
      ))}
      {props.closed !== true && typeof choice.yours === 'string' && typeof choice.theirs === 'string' && (
        <label class="field">
          <span>{t('conflict.other')}</span>
          <textarea rows={2} value={typeof picked === 'string' ? picked : ''} onInput={(event) => props.onPick(event.currentTarget.value)} />
        </label>
      )}
    </fieldset>
  );
}

function ConflictDialog({ now }: { now: Conflict }) {
  const [picks, setPicks] = useState<Picks>(new Map());
  return (
    <Dialog title={t('conflict.title', { key: now.key })} onClose={() => now.settle(null)} wide>
      <p>{t('conflict.text')}</p>
      {now.choices.map((choice) => (
        <ChoiceView key={choice.field} choice={choice} picks={picks} onPick={(value) => setPicks(new Map(picks).set(choice.field, value))} />
      ))}
      <div class="actions">
        <button type="button" class="primary" disabled={now.choices.some((choice) => !picks.has(choice.field))} onClick={() => now.settle(picks)}>
          {t('conflict.save')}
        </button>
        <button type="button" onClick={() => now.settle(null)}>
          {t('conflict.drop')}
        </button>
      </div>
    </Dialog>
  );
}

export function Conflicts() {
  const now = useStore(conflict);
  return now === null ? null : <ConflictDialog key={now.key} now={now} />;
}
