// Finds an item by key or words.
import { useEffect, useState } from 'preact/hooks';
import { get, projectPath } from '../api/cache';
import type { Item } from '../api/types';
import Combobox, { type Option } from './combobox';

const FOUND_MAX = '20';
const TYPED_MS = 150;

function filterOf(kinds: readonly string[], text: string): string {
  const scope = kinds.map((kind) => `kind:${kind}`).join(' or ');
  const words = text === '' ? '' : `text:"${text.replace(/["\\]/g, '\\$&')}"`;
  return [scope === '' ? '' : `(${scope})`, words].join(' ').trim();
}

export default function ItemPicker(props: { project: string; kinds: string[]; label: string; onChoose: (key: string) => void }) {
  const [text, setText] = useState('');
  const [found, setFound] = useState<Option[]>([]);
  const kinds = props.kinds.join(' ');

  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      get<Item[]>(projectPath(props.project, 'items', { q: filterOf(props.kinds, text.trim()), limit: FOUND_MAX }))
        .catch(() => [])
        .then((items) => current && setFound(items.slice(0, Number(FOUND_MAX)).map((item) => ({ value: item.key, label: `${item.key} ${item.title}`, hint: item.kind }))));
    }, TYPED_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text, kinds, props.project]);
  return (
    <Combobox
      label={props.label}
      labelled
      text={text}
      options={found}
      onText={setText}
      onChoose={(key) => {
        setText(key);
        props.onChoose(key);
      }}
    />
  );
}
