// The links of an item by what they say, with another one added in place.
import { useState } from 'preact/hooks';
import { projectPath, useRead } from '../api/cache';
import { change } from '../api/edit';
import type { FullItem, Item, Link, Metamodel } from '../api/types';
import { t, words } from '../i18n';
import { compareKeys, linkEnds } from '../model/metamodel';
import { AddLink } from './addlink';
import { KeyLink, Tag } from './basics';
import '../i18n/en/item';

const TITLES_MAX = 250;

interface Group {
  name: string;
  links: Link[];
  outward: boolean;
}

function groupsOf(item: FullItem, model: Metamodel | null): Group[] {
  const groups = new Map<string, Group>();
  for (const link of item.links) {
    const outward = link.from === item.key;
    const type = model?.links.find((one) => one.name === link.type);
    const name = outward ? words(link.type) : words(type?.reverse || `${link.type} (${t('item.from')})`);
    const group = groups.get(name) ?? { name, links: [], outward };
    group.links.push(link);
    groups.set(name, group);
  }
  return [...groups.values()];
}

const SHOWN = 12;

/** The titles of what is linked; a filter names at most 256 keys. */
function useTitles(project: string, item: FullItem): ReadonlyMap<string, string> {
  const keys = [...new Set(item.links.map((link) => (link.from === item.key ? link.to : link.from)))].slice(0, TITLES_MAX);
  const q = keys.map((key) => `key:${key}`).join(' or ');
  const { data } = useRead<Item[]>(keys.length === 0 ? null : projectPath(project, 'items', { q, limit: String(TITLES_MAX), fields: 'title' }));
  return new Map((data ?? []).map((one) => [one.key, one.title]));
}

interface GroupProps {
  project: string;
  item: FullItem;
  group: Group;
  titles: ReadonlyMap<string, string>;
  editable: boolean;
}

function LinkGroup(props: GroupProps) {
  const { project, group } = props;
  const [all, setAll] = useState(false);
  const other = (link: Link): string => (group.outward ? link.to : link.from);
  const sorted = [...group.links].sort((a, b) => compareKeys(other(a), other(b)));
  const shown = all ? sorted : sorted.slice(0, SHOWN);
  const remove = (link: Link): void => {
    void change(project, 'links', { method: 'DELETE' }, { from: link.from, type: link.type, to: link.to, as: link.as });
  };
  return (
    <section class="link-group">
      <h3>
        {group.name} <span class="dim">{group.links.length}</span>
      </h3>
      <ul class="link-list">
        {shown.map((link) => (
          <li key={other(link) + link.as}>
            <KeyLink project={project} k={other(link)} />
            <span class="link-title" title={props.titles.get(other(link))}>
              {props.titles.get(other(link))}
            </span>
            {link.as !== '' && <span class="dim">{words(link.as)}</span>}
            {link.suspect && <Tag name="suspect" />}
            {props.editable && (
              <button type="button" class="quiet" aria-label={t('item.unlink', { key: other(link) })} onClick={() => remove(link)}>
                ×
              </button>
            )}
          </li>
        ))}
      </ul>
      {shown.length < sorted.length && (
        <button type="button" class="quiet" onClick={() => setAll(true)}>
          {t('item.links-all', { n: sorted.length })}
        </button>
      )}
    </section>
  );
}

export function ItemLinks(props: { project: string; item: FullItem; model: Metamodel | null; editable: boolean }) {
  const { project, item, editable } = props;
  const [adding, setAdding] = useState(false);
  const ends = linkEnds(props.model, item.kind);
  const titles = useTitles(project, item);
  return (
    <>
      {groupsOf(item, props.model).map((group) => (
        <LinkGroup key={group.name} project={project} item={item} group={group} titles={titles} editable={editable} />
      ))}
      {item.links.length === 0 && <p class="dim">{t('item.no-links')}</p>}
      {editable && ends.length > 0 && !adding && (
        <button type="button" onClick={() => setAdding(true)}>
          {t('item.add-link')}
        </button>
      )}
      {adding && <AddLink project={project} k={item.key} ends={ends} onDone={() => setAdding(false)} />}
    </>
  );
}
