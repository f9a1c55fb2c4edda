// Ctrl K: go to an item by key or words, or to a page.
import { useEffect, useState } from 'preact/hooks';
import { get, projectPath, useRead } from '../api/cache';
import type { Item } from '../api/types';
import { type SavedView, viewAddress } from '../api/views';
import { t } from '../i18n';
import { PAGES } from '../pages';
import { itemAddress, navigate, projectAddress } from '../router';
import Combobox, { type Option } from './combobox';
import { Dialog } from './dialog';

const FOUND_MAX = '12';
const TYPED_MS = 120;

function pageOptions(project: string | null, text: string): Option[] {
  if (project === null) return [];
  return PAGES.filter((page) => page.nav !== undefined && t(page.title).toLowerCase().includes(text.toLowerCase())).map((page) => ({
    value: projectAddress(project, page.path.replace('/p/:project/', '')),
    label: t(page.title),
    hint: t('palette.page'),
  }));
}

function viewOptions(project: string | null, views: SavedView[], text: string): Option[] {
  if (project === null) return [];
  return views
    .filter((view) => view.name.toLowerCase().includes(text.toLowerCase()))
    .map((view) => ({ value: viewAddress(project, view), label: view.name, hint: t('palette.view') }));
}

/** The first of those that lead to the same place: two people may keep one view, and a view may be a whole page. */
function distinct(options: Option[]): Option[] {
  const places = new Map<string, Option>();
  for (const option of options) if (!places.has(option.value)) places.set(option.value, option);
  return [...places.values()];
}

async function find(project: string, text: string): Promise<Option[]> {
  const isKey = /^[A-Za-z]+-?\d+$/.test(text);
  const q = isKey ? `key:${text.toUpperCase()}` : `text:"${text.replace(/["\\]/g, '\\$&')}"`;
  const items = await get<Item[]>(projectPath(project, 'items', { q, limit: FOUND_MAX }));
  return items.slice(0, Number(FOUND_MAX)).map((item) => ({ value: itemAddress(project, item.key), label: `${item.key} ${item.title}`, hint: item.kind }));
}

export default function Palette(props: { project: string | null; onClose: () => void }) {
  const [text, setText] = useState('');
  const [found, setFound] = useState<{ words: string; options: Option[] }>({ words: '', options: [] });
  const views = useRead<SavedView[]>(props.project === null ? null : projectPath(props.project, 'views', { at: null }));

  useEffect(() => {
    const wanted = text.trim();
    if (props.project === null || wanted.length < 2) {
      setFound({ words: '', options: [] });
      return undefined;
    }
    let current = true;
    const project = props.project;
    const timer = setTimeout(() => {
      // a filter that cannot be read finds nothing
      find(project, wanted)
        .catch(() => [])
        .then((options) => current && setFound({ words: wanted, options }));
    }, TYPED_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text, props.project]);

  const wanted = text.trim();
  const options = distinct([...pageOptions(props.project, wanted), ...viewOptions(props.project, views.data ?? [], wanted), ...found.options]);
  const nothing = options.length === 0 && wanted !== '' && found.words === wanted;
  return (
    <Dialog title={t('palette.title')} onClose={props.onClose}>
      <div class="palette">
        <Combobox
          label={t('palette.title')}
          placeholder={t('palette.placeholder')}
          text={text}
          options={options}
          nothing={nothing ? t('pick.nothing', { words: wanted }) : null}
          autoFocus
          onText={setText}
          onChoose={(address) => {
            props.onClose();
            navigate(address);
          }}
        />
      </div>
    </Dialog>
  );
}
