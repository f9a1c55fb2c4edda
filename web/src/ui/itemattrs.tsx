// The attributes of an item, read until one chooses to edit them; all changes are saved together.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { save } from '../api/edit';
import type { AttrValue, FullItem, Kind } from '../api/types';
import { t, words } from '../i18n';
import { field, patchOf, same } from '../model/merge';
import { showValue } from '../model/value';
import { Field, labelOf } from './field';
import { Markdown } from './markdown';
import '../i18n/en/item';

function Reading(props: { item: FullItem; kind: Kind | null }) {
  const { item } = props;
  const known = props.kind?.attrs ?? [];
  const set = known.filter((attr) => item.attrs[attr.name] !== undefined);
  const unknown = Object.keys(item.attrs).filter((name) => !known.some((attr) => attr.name === name));
  return (
    <>
      {item.body !== undefined && item.body !== '' && <Markdown text={item.body} />}
      <dl class="attrs">
        {set.map((attr) => (
          <div key={attr.name}>
            <dt title={attr.help}>{labelOf(attr)}</dt>
            <dd>{showValue(item.attrs[attr.name], attr.type)}</dd>
          </div>
        ))}
        {unknown.map((name) => (
          <div key={name}>
            <dt>{words(name)}</dt>
            <dd>{showValue(item.attrs[name], 'text')}</dd>
          </div>
        ))}
      </dl>
      {set.length + unknown.length === 0 && <p class="dim">{t('item.no-attrs')}</p>}
    </>
  );
}

export function ItemAttrs(props: { project: string; item: FullItem; kind: Kind | null; editable: boolean }) {
  const { item } = props;
  const [draft, setDraft] = useState<ReadonlyMap<string, AttrValue> | null>(null);
  // what was read when editing began is what the changes are against
  const [base, setBase] = useState(item);
  const first = useRef<HTMLInputElement>(null);
  const editing = draft !== null;
  useLayoutEffect(() => {
    if (editing) first.current?.focus();
  }, [editing]);
  const value = (name: string): AttrValue => (draft?.has(name) ? (draft.get(name) ?? null) : field(base, name));
  // a field that is left by Enter says what was typed only while the form is being sent
  const latest = useRef<ReadonlyMap<string, AttrValue>>(new Map());
  const set = (name: string, next: AttrValue): void => {
    latest.current = new Map(latest.current).set(name, next);
    setDraft(latest.current);
  };

  const onSave = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    const changed = new Map([...latest.current].filter(([name, next]) => !same(next, field(base, name))));
    setDraft(null);
    if (changed.size > 0 && (await save(props.project, base, patchOf(changed))) === null) {
      setBase(base);
      setDraft(changed);
    }
  };
  if (draft === null)
    return (
      <>
        <Reading item={item} kind={props.kind} />
        {props.editable && (
          <button
            type="button"
            onClick={() => {
              setBase(item);
              latest.current = new Map();
              setDraft(latest.current);
            }}
          >
            {t('item.edit')}
          </button>
        )}
      </>
    );
  return (
    <form class="edit-form" data-guarded onSubmit={(event) => void onSave(event)}>
      <div class="field">
        <label for="item-title">{t('item.title')}</label>
        <input id="item-title" required value={String(value('title') ?? '')} onInput={(event) => set('title', event.currentTarget.value)} ref={first} />
      </div>
      <div class="field">
        <label for="item-body">{t('item.body')}</label>
        <textarea id="item-body" rows={5} value={String(value('body') ?? '')} onInput={(event) => set('body', event.currentTarget.value)} />
      </div>
      {(props.kind?.attrs ?? []).map((attr) => (
        <Field key={attr.name} type={attr} value={value(`attrs.${attr.name}`)} onValue={(next) => set(`attrs.${attr.name}`, next)} />
      ))}
      <div class="actions sticky">
        <button type="submit" class="primary">
          {t('item.save')}
        </button>
        <button type="button" onClick={() => setDraft(null)}>
          {t('cancel')}
        </button>
      </div>
    </form>
  );
}
