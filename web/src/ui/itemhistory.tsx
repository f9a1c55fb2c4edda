// Every revision of an item, newest first, each with what it changed against the one before.
import { projectPath, useRead } from '../api/cache';
import type { Kind, Revision } from '../api/types';
import { dateTime, t } from '../i18n';
import { differences } from '../model/history';
import { ProblemView, Tag, Waiting } from './basics';
import { Redline } from './redline';
import '../i18n/en/item';

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
