// One item, from the metamodel: what it says, what it is linked to, how it came to be.
import { projectPath, useRead } from '../api/cache';
import { change } from '../api/edit';
import type { FullItem, Kind } from '../api/types';
import { t, words } from '../i18n';
import { kindOf } from '../model/metamodel';
import { useQuery } from '../router';
import { useMetamodel } from '../state/metamodel';
import { may } from '../state/session';
import { Empty, PageHead, type PageProps, Panel, ProblemView, Tag, To, Waiting } from '../ui/basics';
import { ItemAttrs } from '../ui/itemattrs';
import { ItemHistory } from '../ui/itemhistory';
import { ItemLinks } from '../ui/itemlinks';
import { Menu } from '../ui/menu';
import { Signatures } from '../ui/signatures';

function StateMenu(props: { project: string; item: FullItem; kind: Kind | null }) {
  const { item } = props;
  const targets = (props.kind?.transitions ?? []).filter((one) => one.from === item.state);
  if (targets.length === 0) return <Tag name={item.state} />;
  return (
    <Menu
      class="state-menu"
      name={t('item.state-menu', { state: words(item.state) })}
      label={
        <>
          <Tag name={item.state} /> ▾
        </>
      }
    >
      {(close) => (
        <ul class="menu-list">
          {targets.map((one) => (
            <li key={one.to}>
              <button
                type="button"
                onClick={() => {
                  close();
                  void change(props.project, `items/${encodeURIComponent(item.key)}/transitions`, { method: 'POST', json: { to: one.to }, ifMatch: `"${item.rev}"` });
                }}
              >
                {t('item.transition', { state: words(one.to) })}
                <span class="dim"> {one.roles.map(words).join(', ')}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Menu>
  );
}

export default function ItemPage({ project, params }: PageProps) {
  const key = params['key'] ?? '';
  const [at] = useQuery('at');
  const model = useMetamodel();
  const { data: item, problem, loading } = useRead<FullItem>(projectPath(project, `items/${encodeURIComponent(key)}`));
  const kind = kindOf(model, item?.kind ?? '');
  const editable = may(project, 'write') && at === '';

  if (problem !== null) return problem.status === 404 ? <Empty title={t('item.none', { key })} text={problem.message} /> : <ProblemView problem={problem} />;
  if (loading || item === null) return <Waiting />;
  return (
    <>
      <PageHead title={`${item.key} ${item.title}`} note={`${kind?.title ?? words(item.kind)} · ${t('item.rev', { n: item.rev })}${item.owner ? ` · ${item.owner}` : ''}`}>
        <To project={project} path="trace" query={{ key: item.key }} class="button">
          {t('page.trace')}
        </To>
        {editable ? <StateMenu project={project} item={item} kind={kind} /> : <Tag name={item.state} />}
      </PageHead>
      <div class="item-page">
        <div class="side">
          <Panel title={t('item.attrs')}>
            <ItemAttrs key={key} project={project} item={item} kind={kind} editable={editable} />
          </Panel>
          <Panel title={t('item.history')}>
            <ItemHistory project={project} k={item.key} kind={kind} />
          </Panel>
        </div>
        <div class="side">
          <Panel title={t('item.links')}>
            <ItemLinks project={project} item={item} model={model} editable={editable} />
          </Panel>
          <Panel title={t('sign.panel')}>
            <Signatures project={project} k={item.key} mayChange={may(project, 'change') && at === ''} />
          </Panel>
        </div>
      </div>
    </>
  );
}
