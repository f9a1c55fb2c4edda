// The filter of a list with completion from the metamodel. It is in the address once Enter is pressed or a proposal ends a term.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Metamodel } from '../api/types';
import { t } from '../i18n';
import { completeFilter } from '../model/filter';
import { Lazy } from './lazy';

const loadCombobox = () => import('./combobox');

export function FilterBox(props: { model: Metamodel | null; value: string; onValue: (value: string) => void; scope?: string; label?: string }) {
  const [text, setText] = useState(props.value);
  const plain = useRef<HTMLInputElement>(null);
  const caret = useRef<number | null>(null);

  useEffect(() => setText(props.value), [props.value]);
  const scope = props.scope ?? '';
  const label = props.label ?? t('filter.label');
  const options = completeFilter(`${scope} ${text}`, props.model).map((one) => ({ ...one, value: one.value.slice(scope.length + 1) }));
  return (
    <div class="filterbox">
      <Lazy
        load={loadCombobox}
        before={() => {
          if (document.activeElement === plain.current) caret.current = plain.current?.selectionStart ?? null;
        }}
        meanwhile={
          <input
            ref={plain}
            class="combobox"
            aria-label={label}
            placeholder={t('filter.placeholder')}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => event.key === 'Enter' && props.onValue(event.currentTarget.value.trim())}
          />
        }
        with={{
          label,
          placeholder: t('filter.placeholder'),
          text,
          options,
          goesOn: true,
          caret,
          onText: setText,
          onChoose: (value: string) => {
            setText(value);
            if (value.endsWith(' ')) props.onValue(value.trim());
          },
          onEnter: (value: string) => props.onValue(value.trim()),
        }}
      />
      {props.value !== '' && (
        <button type="button" class="quiet" onClick={() => props.onValue('')} aria-label={t('filter.clear')}>
          ×
        </button>
      )}
    </div>
  );
}
