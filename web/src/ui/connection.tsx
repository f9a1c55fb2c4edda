// Why two items belong together: a shortest way between them, link by link.
import { projectPath, useRead } from '../api/cache';
import type { Link, Neighbourhood } from '../api/types';
import { t, words } from '../i18n';
import { KeyLink, ProblemView, Tag, Waiting } from './basics';
import '../i18n/en/impact';

const isBetween = (link: Link, a: string, b: string): boolean => (link.from === a && link.to === b) || (link.from === b && link.to === a);

export function Connection(props: { project: string; from: string; to: string; chain?: boolean }) {
  const { project, from, to } = props;
  const query = { to, ...(props.chain ? { up: 'true', down: 'true' } : {}) };
  const { data, problem, loading } = useRead<Neighbourhood>(projectPath(project, `items/${encodeURIComponent(from)}/connection`, query));
  if (problem !== null) return <ProblemView problem={problem} />;
  if (loading || data === null) return <Waiting />;
  if (data.items.length === 0) return <p>{t('why.nothing', { from, to })}</p>;
  return (
    <ol class="plain-list">
      {data.items.map((item, i) => (
        <li key={item.key}>
          {i > 0 &&
            data.links
              .filter((link) => isBetween(link, data.items[i - 1]!.key, item.key))
              .map((link) => (
                <p key={`${link.from}${link.type}${link.as}`} class="dim">
                  {link.from} {words(link.type)} {link.to} {link.suspect && <Tag name="suspect" />}
                </p>
              ))}
          <KeyLink project={project} k={item.key} /> {item.title} <span class="dim">{words(item.kind)}</span>
        </li>
      ))}
    </ol>
  );
}
