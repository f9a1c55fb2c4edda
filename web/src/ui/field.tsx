// The editor of one attribute, by its type in the metamodel.
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { AttrType, AttrValue } from '../api/types';
import { t, words } from '../i18n';
import { editValue, isList, isNamed, parseValue } from '../model/value';

export interface FieldProps {
  type: AttrType;
  value: AttrValue | undefined;
  onValue: (value: AttrValue) => void;
  /** Only read by screen readers, where a column says it. */
  hideLabel?: boolean;
  autoFocus?: boolean;
}

const hasValues = (type: AttrType): boolean => (type.values?.length ?? 0) > 0;

/** The name, and the unit where the name does not say it. */
export function labelOf(type: AttrType): string {
  return type.unit && !type.name.endsWith(`_${type.unit}`) ? `${words(type.name)} (${type.unit})` : words(type.name);
}

function Choices(props: FieldProps) {
  const chosen = Array.isArray(props.value) ? props.value : [];
  const toggle = (value: string): void => {
    const next = chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value];
    props.onValue(next.length === 0 ? null : next);
  };
  return (
    <fieldset class="choices">
      <legend class={props.hideLabel ? 'hidden' : ''}>{labelOf(props.type)}</legend>
      {(props.type.values ?? []).map((value) => (
        <label key={value}>
          <input type="checkbox" checked={chosen.includes(value)} onChange={() => toggle(value)} /> {words(value)}
        </label>
      ))}
    </fieldset>
  );
}

interface TextProps {
  id?: string;
  text: string;
  lines?: number;
  kind?: 'date' | 'int' | 'decimal' | 'text';
  autoFocus?: boolean | undefined;
  /** What was typed, once the field is left. */
  onText: (text: string) => void;
}

/** A text that counts when it is left. Not by `change`: with the compatibility layer that the combobox brings along, Preact takes
 * that for `input`. */
function TextControl(props: TextProps) {
  const { text, kind } = props;
  const [draft, setDraft] = useState(text);
  const element = useRef<HTMLInputElement & HTMLTextAreaElement>(null);

  useLayoutEffect(() => setDraft(text), [text]);
  useLayoutEffect(() => {
    if (props.autoFocus) element.current?.focus();
  }, []);
  const shared = {
    id: props.id,
    ref: element,
    value: draft,
    onInput: (event: Event) => setDraft((event.currentTarget as HTMLInputElement).value),
    onBlur: (event: FocusEvent) => {
      const typed = (event.currentTarget as HTMLInputElement).value;
      if (typed !== text) props.onText(typed);
    },
  };
  if (props.lines !== undefined) return <textarea rows={props.lines} {...shared} />;
  if (kind === 'date') return <input type="date" {...shared} />;
  return <input type="text" inputMode={kind === 'int' ? 'numeric' : kind === 'decimal' ? 'decimal' : 'text'} {...shared} />;
}

/** Each named value by itself: yes, no or unknown, or a number. */
function Named(props: FieldProps) {
  const named = props.value !== null && typeof props.value === 'object' && !Array.isArray(props.value) ? props.value : {};
  const set = (name: string, value: AttrValue): void => {
    const next = { ...named };
    if (value === null) delete next[name];
    else next[name] = value;
    props.onValue(Object.keys(next).length === 0 ? null : next);
  };
  return (
    <fieldset class="named">
      <legend class={props.hideLabel ? 'hidden' : ''}>{labelOf(props.type)}</legend>
      {(props.type.values ?? []).map((name) => (
        <label key={name}>
          <span>{words(name)}</span>
          {props.type.type === 'answers' ? (
            <select value={named[name] === undefined ? '' : String(named[name])} onChange={(event) => set(name, event.currentTarget.value === '' ? null : event.currentTarget.value === 'true')}>
              <option value="">{t('unknown')}</option>
              <option value="true">{t('word.yes')}</option>
              <option value="false">{t('word.no')}</option>
            </select>
          ) : (
            <TextControl kind="int" text={named[name] === undefined ? '' : String(named[name])} onText={(text) => set(name, parseValue(text, { name, type: 'int' }))} />
          )}
        </label>
      ))}
    </fieldset>
  );
}

const LONG_TEXT = 60;

function Control(props: FieldProps & { id: string }) {
  const { type, value, id } = props;
  const text = editValue(value, type.type);
  const set = (next: string): void => props.onValue(parseValue(next, type));
  const select = useRef<HTMLSelectElement>(null);

  useLayoutEffect(() => {
    if (props.autoFocus) select.current?.focus();
  }, []);
  if (type.type === 'bool' || (type.type === 'enum' && hasValues(type)))
    return (
      <select ref={select} id={id} value={text} onChange={(event) => set(event.currentTarget.value)}>
        <option value="">{t('none')}</option>
        {(type.type === 'bool' ? ['true', 'false'] : (type.values ?? [])).map((one) => (
          <option key={one} value={one}>
            {type.type === 'bool' ? words(one === 'true' ? 'yes' : 'no') : words(one)}
          </option>
        ))}
      </select>
    );
  const several = isList(type.type) || isNamed(type.type) || (type.type === 'text' && !props.hideLabel && text.length > LONG_TEXT);
  // a date may carry a time, which the platform's field for days would drop
  const day = type.type === 'date' && /^(\d{4}-\d\d-\d\d)?$/.test(text);
  return (
    <TextControl
      id={id}
      text={text}
      autoFocus={props.autoFocus}
      onText={set}
      kind={day ? 'date' : type.type === 'int' || type.type === 'decimal' ? type.type : 'text'}
      {...(several ? { lines: Math.min(8, text.split('\n').length + 1) } : {})}
    />
  );
}

export function Field(props: FieldProps) {
  const id = useId();
  const { type } = props;

  if (type.type === 'enums' && hasValues(type)) return <Choices {...props} />;
  if ((type.type === 'answers' || type.type === 'levels') && hasValues(type)) return <Named {...props} />;
  return (
    <div class="field">
      <label for={id} class={props.hideLabel ? 'hidden' : ''} title={type.help}>
        {labelOf(type)}
      </label>
      <Control {...props} id={id} />
      {!props.hideLabel && isList(type.type) && <span class="dim">{t('field.lines')}</span>}
    </div>
  );
}
