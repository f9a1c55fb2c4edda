// Every revision of an item, newest first, each with what it changed against the one before.
import { projectPath, useRead } from '../api/cache';
import type { Kind, Revision } from '../api/types';
import { dateTime, t, words } from '../i18n';
import { same } from '../model/merge';
import { attrOf } from '../model/metamodel';
import { editValue } from '../model/value';
import { ProblemView, Tag, Waiting } from './basics';
import { Redline } from './redline';

interface Difference {
  name: string;
  before: string;
  after: string;
}

function differences(before: Revision | undefined, after: Revision, kind: Kind | null): Difference[] {
  const found: Difference[] = [];
  const text = (name: string, revision: Revision | undefined): string => editValue(revision?.attrs[name], attrOf(kind, name)?.type ?? 'text');
  if ((before?.title ?? '') !== after.title) found.push({ name: t('item.title'), before: before?.title ?? '', after: after.title });
  if (after.body !== undefined && (before?.body ?? '') !== after.body) found.push({ name: t('item.body'), before: before?.body ?? '', after: after.body });
  for (const name of new Set([...Object.keys(before?.attrs ?? {}), ...Object.keys(after.attrs)]))
    if (!same(before?.attrs[name], after.attrs[name])) found.push({ name: words(name), before: text(name, before), after: text(name, after) });
  return found;
}

export function ItemHistory(props: { project: string; k: string; kind: Kind | null }) {
  const { data, problem, loading } = useRead<Revision[]>(projectPath(props.project, `items/${encodeURIComponent(props.k)}/history`));
  const revisions = [...(data ?? [])].sort((a, b) => a.commit - b.commit || a.rev - b.rev);
  if (problem !== null) return <ProblemView problem={problem} />;
  if (loading) return <Waiting />;
  return (
    <ol class="history plain-list">
      {revisions
        .map((revision, i) => ({ revision, before: revisions[i - 1] }))
        .reverse()
        .map(({ revision, before }) => (
          <li key={`${revision.commit}-${revision.rev}`}>
            <strong>{t('item.rev', { n: revision.rev })}</strong> {before?.state !== revision.state && <Tag name={revision.state} />}
            <span class="dim">
              {' '}
              {dateTime(revision.time)} · {revision.by} · {t('item.commit', { n: revision.commit })}
              {revision.editorial && ` · ${t('item.editorial')}`}
            </span>
            {revision.message !== '' && <p>{revision.message}</p>}
            <dl class="changes">
              {differences(before, revision, props.kind).map((one) => (
                <div key={one.name}>
                  <dt>{one.name}</dt>
                  <dd>
                    <Redline before={one.before} after={one.after} />
                  </dd>
                </div>
              ))}
            </dl>
          </li>
        ))}
    </ol>
  );
}
