// The editor of one attribute, by its type in the metamodel.
import { useId } from 'preact/hooks';
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

export function labelOf(type: AttrType): string {
  return type.unit ? `${words(type.name)} (${type.unit})` : words(type.name);
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
            <input
              inputMode="numeric"
              value={named[name] === undefined ? '' : String(named[name])}
              onChange={(event) => set(name, parseValue(event.currentTarget.value, { name, type: 'int' }))}
            />
          )}
        </label>
      ))}
    </fieldset>
  );
}

function Control(props: FieldProps & { id: string }) {
  const { type, value, id } = props;
  const text = editValue(value, type.type);
  const set = (next: string): void => props.onValue(parseValue(next, type));
  const focus = props.autoFocus ? { ref: (element: HTMLElement | null): void => element?.focus() } : {};

  if (type.type === 'bool' || (type.type === 'enum' && hasValues(type)))
    return (
      <select id={id} value={text} onChange={(event) => set(event.currentTarget.value)} {...focus}>
        <option value="">{t('none')}</option>
        {(type.type === 'bool' ? ['true', 'false'] : (type.values ?? [])).map((one) => (
          <option key={one} value={one}>
            {type.type === 'bool' ? words(one === 'true' ? 'yes' : 'no') : words(one)}
          </option>
        ))}
      </select>
    );
  if (isList(type.type) || isNamed(type.type) || (type.type === 'text' && !props.hideLabel && text.length > 60))
    return <textarea id={id} rows={Math.min(8, text.split('\n').length + 1)} value={text} onChange={(event) => set(event.currentTarget.value)} {...focus} />;
  // a date may carry a time, which the platform's field for days would drop
  if (type.type === 'date' && /^(\d{4}-\d\d-\d\d)?$/.test(text)) return <input id={id} type="date" value={text} onChange={(event) => set(event.currentTarget.value)} {...focus} />;
  return (
    <input
      id={id}
      type="text"
      inputMode={type.type === 'int' ? 'numeric' : type.type === 'decimal' ? 'decimal' : 'text'}
      value={text}
      onChange={(event) => set(event.currentTarget.value)}
      {...focus}
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
