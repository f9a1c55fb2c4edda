// A text field with proposals, by Zag: its keyboard and what it tells a screen reader are the library's.
//
// Zag writes the text into the field some time after it was given, over what was typed since. So a change is rendered before the
// next key can come, and the text of the props is in the field as soon as it is rendered.
import * as combobox from '@zag-js/combobox';
import { normalizeProps, useMachine } from '@zag-js/preact';
import { flushSync } from 'preact/compat';
import type { HTMLAttributes, InputHTMLAttributes, LabelHTMLAttributes, LiHTMLAttributes, RefObject } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { t } from '../i18n';

export interface Option {
  value: string;
  label: string;
  hint?: string;
}

export interface ComboboxProps {
  label: string;
  text: string;
  options: Option[];
  placeholder?: string;
  /** Shows the label, which is else only read. */
  labelled?: boolean;
  /** What was typed. */
  onText: (text: string) => void;
  onChoose: (value: string) => void;
  /** Said where nothing is found for what was typed; null where something is, or nobody has looked. */
  nothing?: string | null;
  /** Enter with nothing highlighted. */
  onEnter?: (text: string) => void;
  /** Keeps the proposals open after a choice, for texts made of several. */
  goesOn?: boolean;
  autoFocus?: boolean;
  /** Where somebody was typing in the plain field that stood here until now; this one goes on there. */
  caret?: RefObject<number | null>;
}

type Props = HTMLAttributes<HTMLDivElement>;

export default function Combobox(props: ComboboxProps) {
  const collection = combobox.collection({
    items: props.options,
    itemToValue: (option) => option.value,
    itemToString: (option) => (props.goesOn ? option.value : option.label),
  });
  const field = useRef<HTMLInputElement>(null);
  const [caret] = useState(props.caret?.current ?? null);
  const typed = (text: string): void => {
    const at = field.current?.selectionStart ?? null;
    flushSync(() => props.onText(text));
    if (at !== null && field.current?.value === text) field.current.setSelectionRange(at, at);
  };
  useLayoutEffect(() => {
    if (field.current !== null && field.current.value !== props.text) field.current.value = props.text;
  }, [props.text]);

  const service = useMachine(combobox.machine as combobox.Machine<Option>, {
    id: useId(),
    collection,
    inputValue: props.text,
    value: [],
    inputBehavior: props.onEnter === undefined ? 'autohighlight' : 'none',
    selectionBehavior: 'preserve',
    allowCustomValue: true,
    openOnClick: true,
    closeOnSelect: !props.goesOn,
    autoFocus: props.autoFocus ?? false,
    positioning: { sameWidth: true, placement: 'bottom-start' },
    onInputValueChange: ({ inputValue, reason }) => {
      if (reason === 'input-change') typed(inputValue);
    },
    onSelect: ({ itemValue }) => flushSync(() => props.onChoose(itemValue)),
  });
  const api = combobox.connect(service as combobox.Service<Option>, normalizeProps);
  useLayoutEffect(() => {
    if (caret === null) return;
    field.current?.focus();
    // once Zag has written the text, which moves the caret
    requestAnimationFrame(() => field.current?.setSelectionRange(caret, caret));
  }, []);
  // Before Zag: after it, what was highlighted is chosen already.
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (api.highlightedValue === null || !api.open)) props.onEnter?.(props.text);
  };

  return (
    <div {...(api.getRootProps() as Props)} class="combobox">
      <label {...(api.getLabelProps() as LabelHTMLAttributes<HTMLLabelElement>)} class={props.labelled ? '' : 'hidden'}>
        {props.label}
      </label>
      <div {...(api.getControlProps() as Props)} onKeyDownCapture={onKeyDown}>
        <input ref={field} {...(api.getInputProps() as InputHTMLAttributes<HTMLInputElement>)} placeholder={props.placeholder} spellcheck={false} />
      </div>
      <div {...(api.getPositionerProps() as Props)} class="combobox-pop">
        <ul {...(api.getContentProps() as HTMLAttributes<HTMLUListElement>)} hidden={!api.open || props.options.length === 0} aria-label={t('proposals')}>
          {props.options.map((option) => (
            <li key={option.value} {...(api.getItemProps({ item: option }) as LiHTMLAttributes<HTMLLIElement>)}>
              <span>{option.label}</span>
              {option.hint !== undefined && <span class="dim">{option.hint}</span>}
            </li>
          ))}
        </ul>
      </div>
      {props.nothing !== undefined && (
        <p class={props.nothing === null ? 'hidden' : 'dim'} role="status">
          {props.nothing}
        </p>
      )}
    </div>
  );
}
