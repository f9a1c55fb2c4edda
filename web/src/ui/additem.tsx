// A new item of a kind: its title is enough, the rest is done on its page. Who asks for it may know more of it.
import { useState } from 'preact/hooks';
import { invalidate, projectPath } from '../api/cache';
import { send } from '../api/http';
import { problemFrom, type Problem } from '../api/problem';
import type { Item, Kind } from '../api/types';
import { t } from '../i18n';
import { itemAddress, navigate } from '../router';
import { ProblemView } from './basics';
import { Dialog } from './dialog';
import '../i18n/en/item';

/** What is known of an item before anybody has said anything. */
export interface Proposed {
  title: string;
  attrs: Record<string, string>;
  links: { type: string; to: string }[];
}

export function AddItem(props: { project: string; kinds: Kind[]; proposed?: Proposed; onClose: () => void }) {
  const [kind, setKind] = useState(props.kinds[0]?.name ?? '');
  const [title, setTitle] = useState(props.proposed?.title ?? '');
  const [problem, setProblem] = useState<Problem | null>(null);

  const add = async (event: Event): Promise<void> => {
    event.preventDefault();
    try {
      const answer = await send<Item>(projectPath(props.project, 'items', { at: null }), { method: 'POST', json: { ...props.proposed, kind, title } });
      invalidate(props.project);
      props.onClose();
      navigate(itemAddress(props.project, answer.data.key));
    } catch (error) {
      setProblem(problemFrom(error));
    }
  };
  return (
    <Dialog title={t('add.title')} onClose={props.onClose}>
      <form onSubmit={(event) => void add(event)}>
        {props.kinds.length > 1 && (
          <div class="field">
            <label for="add-kind">{t('add.kind')}</label>
            <select id="add-kind" value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
              {props.kinds.map((one) => (
                <option key={one.name} value={one.name}>
                  {one.title}
                </option>
              ))}
            </select>
          </div>
        )}
        <div class="field">
          <label for="add-name">{t('item.title')}</label>
          <input id="add-name" required value={title} onInput={(event) => setTitle(event.currentTarget.value)} />
        </div>
        {problem !== null && <ProblemView problem={problem} />}
        <div class="actions">
          <button type="submit" class="primary">
            {t('add.do')}
          </button>
          <button type="button" onClick={props.onClose}>
            {t('cancel')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
