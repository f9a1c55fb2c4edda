// Where an item can go by the project's own state machine, and why not elsewhere: what a menu of states holds.
import { projectPath } from '../api/cache';
import { change } from '../api/edit';
import type { Moves } from '../api/types';
import { t, words } from '../i18n';
import '../i18n/en/item';

export function movesPath(project: string, key: string): string {
  return projectPath(project, `items/${encodeURIComponent(key)}/transitions`);
}

export function moveItem(project: string, item: { key: string; rev: number }, to: string): Promise<boolean> {
  return change(project, `items/${encodeURIComponent(item.key)}/transitions`, { method: 'POST', json: { to }, ifMatch: `"${item.rev}"` });
}

export function MoveList(props: { project: string; item: { key: string; rev: number }; moves: Moves; close: () => void }) {
  return (
    <ul class="menu-list">
      {props.moves.transitions.map((one) => (
        <li key={one.to}>
          <button
            type="button"
            disabled={!one.allowed}
            onClick={() => {
              props.close();
              void moveItem(props.project, props.item, one.to);
            }}
          >
            {t('item.transition', { state: words(one.to) })}
            <span class="dim"> {one.roles.map(words).join(', ')}</span>
          </button>
          {one.why !== null && <p class="dim why">{one.why}</p>}
        </li>
      ))}
    </ul>
  );
}
