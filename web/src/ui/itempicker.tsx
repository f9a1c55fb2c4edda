// Finds an item by key or words, and shows the one that was chosen.
import { useEffect, useState } from 'preact/hooks';
import { get, projectPath } from '../api/cache';
import type { Item } from '../api/types';
import { t } from '../i18n';
import Combobox, { type Option } from './combobox';

const FOUND_MAX = '20';
const TYPED_MS = 150;

function filterOf(kinds: readonly string[], text: string): string {
  const scope = kinds.map((kind) => `kind:${kind}`).join(' or ');
  const words = text === '' ? '' : `text:"${text.replace(/["\\]/g, '\\$&')}"`;
  return [scope === '' ? '' : `(${scope})`, words].join(' ').trim();
}

interface ItemPickerProps {
  project: string;
  kinds: string[];
  label: string;
  /** The key that was chosen before, if any. */
  chosen?: string;
  onChoose: (key: string) => void;
}

export default function ItemPicker(props: ItemPickerProps) {
  const chosen = props.chosen ?? '';
  const [text, setText] = useState(chosen);
  const [found, setFound] = useState<{ words: string; options: Option[] }>({ words: '', options: [] });
  const kinds = props.kinds.join(' ');
  const words = text.trim() === chosen ? '' : text.trim(); // next to what was chosen lies everything else

  useEffect(() => setText(chosen), [chosen]);
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      get<Item[]>(projectPath(props.project, 'items', { q: filterOf(props.kinds, words), limit: FOUND_MAX }))
        .catch(() => [])
        .then((items) => current && setFound({ words, options: items.slice(0, Number(FOUND_MAX)).map((item) => ({ value: item.key, label: `${item.key} ${item.title}`, hint: item.kind })) }));
    }, TYPED_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [words, kinds, props.project]);
  return (
    <Combobox
      label={props.label}
      labelled
      text={text}
      options={found.options}
      nothing={words !== '' && found.words === words && found.options.length === 0 ? t('pick.nothing', { words }) : null}
      onText={setText}
      onChoose={(key) => {
        setText(key);
        props.onChoose(key);
      }}
    />
  );
}
