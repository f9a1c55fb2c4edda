// One item, from the metamodel: what it says, what it is linked to, how it came to be.
import { projectPath, useRead } from '../api/cache';
import type { FullItem } from '../api/types';
import { t, words } from '../i18n';
import { kindOf } from '../model/metamodel';
import { useQuery } from '../router';
import { useMetamodel } from '../state/metamodel';
import { may } from '../state/session';
import { Empty, PageHead, type PageProps, Panel, ProblemView, Tag, To, Waiting } from '../ui/basics';
import { Attachments } from '../ui/attachments';
import { Comments } from '../ui/comments';
import { ItemAttrs } from '../ui/itemattrs';
import { ItemHistory } from '../ui/itemhistory';
import { ItemLinks } from '../ui/itemlinks';
import { Lazy } from '../ui/lazy';
import { Signatures } from '../ui/signatures';
import { StateMenu } from '../ui/statemenu';
import '../i18n/en/item';

/** Kinds whose content is kept and compared. */
const WITH_CONTENT = ['document', 'configuration'];
const loadContent = () => import('../ui/content');

export default function ItemPage({ project, params }: PageProps) {
  const key = params['key'] ?? '';
  const [at] = useQuery('at');
  const model = useMetamodel();
  const { data: item, problem, loading } = useRead<FullItem>(projectPath(project, `items/${encodeURIComponent(key)}`));
  const kind = kindOf(model, item?.kind ?? '');
  const now = at === '';
  const editable = may(project, 'write') && now;

  if (problem !== null) return problem.status === 404 ? <Empty title={t('item.none', { key })} text={problem.message} /> : <ProblemView problem={problem} />;
  if (loading || item === null) return <Waiting />;
  return (
    <>
      <PageHead title={`${item.key} ${item.title}`} note={`${kind?.title ?? words(item.kind)} · ${t('item.rev', { n: item.rev })}${item.owner ? ` · ${item.owner}` : ''}`}>
        <To project={project} path="trace" query={{ key: item.key }} class="button">
          {t('page.trace')}
        </To>
        <To project={project} path="impact" query={{ key: item.key }} class="button">
          {t('page.impact')}
        </To>
        <To project={project} path="neighbourhood" query={{ key: item.key }} class="button">
          {t('page.neighbourhood')}
        </To>
        {now && may(project, 'change') ? <StateMenu project={project} item={item} /> : <Tag name={item.state} />}
      </PageHead>
      <div class="item-page">
        <div class="side">
          <Panel title={t('item.attrs')}>
            <ItemAttrs key={key} project={project} item={item} kind={kind} editable={editable} />
          </Panel>
          <Panel title={t('comment.panel')}>
            <Comments key={key} project={project} k={item.key} mayComment={may(project, 'comment') && now} />
          </Panel>
          <Panel title={t('item.history')}>
            <ItemHistory project={project} k={item.key} kind={kind} />
          </Panel>
        </div>
        <div class="side">
          <Panel title={t('item.links')}>
            <ItemLinks project={project} item={item} model={model} editable={editable} />
          </Panel>
          {WITH_CONTENT.includes(item.kind) && <Lazy key={key} load={loadContent} with={{ project, item, editable: may(project, 'change') && now }} />}
          <Panel title={t('attach.panel')}>
            <Attachments key={key} project={project} item={item} editable={editable} />
          </Panel>
          <Panel title={t('sign.panel')}>
            <Signatures project={project} k={item.key} kind={item.kind} mayChange={may(project, 'change') && now} />
          </Panel>
        </div>
      </div>
    </>
  );
}
