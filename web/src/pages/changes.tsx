// Changes on a board: what each touches, its tests, and what is wrong with it.
import { useState } from 'preact/hooks';
import { projectPath, useRead } from '../api/cache';
import { change } from '../api/edit';
import type { Change } from '../api/types-operation';
import { t, words } from '../i18n';
import { useMetamodel } from '../state/metamodel';
import { may } from '../state/session';
import { toast } from '../state/toasts';
import { AddItem } from '../ui/additem';
import { Empty, KeyLink, PageHead, type PageProps, ProblemView, To, Waiting } from '../ui/basics';
import { Board, KeysLine } from '../ui/board';
import '../i18n/en/operation';

const UNASSESSED = ['open', 'emergency'];

function Details({ project, card }: { project: string; card: Change }) {
  const assess = async (): Promise<void> => {
    if (await change(project, `operation/changes/${card.key}/impact`, { method: 'POST', json: {} })) toast(t('changes.assessed', { key: card.key }));
  };
  return (
    <>
      <KeysLine project={project} text={t('board.concerns', { list: '' })} items={card.concerns} />
      <KeysLine project={project} text={t('board.resolves', { list: '' })} items={card.resolves} />
      <KeysLine project={project} text={t('board.actions', { list: '' })} items={card.actions} />
      {card.nature !== null && <p class="card-line dim">{words(card.nature)}</p>}
      {card.emergency !== null && <p class="card-line">{t('changes.emergency', { why: card.emergency })}</p>}
      {card.impact !== null && <p class="card-line dim">{t('changes.impact', { text: card.impact })}</p>}
      {card.tests.map((one) => (
        <p key={one.key} class="card-line">
          <KeyLink project={project} k={one.key} title={one.title} /> {one.status === null ? t('changes.untested') : words(one.status)}
        </p>
      ))}
      {UNASSESSED.includes(card.state) && may(project, 'write') && (
        <button type="button" onClick={() => void assess()}>
          {t('changes.assess')}
        </button>
      )}
    </>
  );
}

export default function Changes({ project }: PageProps) {
  const { data, problem, loading } = useRead<Change[]>(projectPath(project, 'operation/changes'));
  const [adding, setAdding] = useState(false);
  const kind = useMetamodel()?.kinds.find((one) => one.name === 'change');
  return (
    <>
      <PageHead title={t('page.changes')} note={t('changes.note')}>
        <To project={project} path="items" query={{ q: 'kind:change' }}>
          {t('board.table')}
        </To>
        {may(project, 'write') && (
          <button type="button" class="primary" onClick={() => setAdding(true)}>
            {t('changes.add')}
          </button>
        )}
      </PageHead>
      {problem !== null && <ProblemView problem={problem} />}
      {loading && <Waiting />}
      {data?.length === 0 && <Empty title={t('changes.none')} text={t('changes.none-text')} />}
      {data !== null && data.length > 0 && (
        <Board project={project} kind="change" cards={data}>
          {(card) => <Details project={project} card={card} />}
        </Board>
      )}
      {adding && kind !== undefined && <AddItem project={project} kinds={[kind]} onClose={() => setAdding(false)} />}
    </>
  );
}
