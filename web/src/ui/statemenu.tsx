// The state of an item, with where it can go by the project's own state machine, and why not elsewhere.
import { projectPath, useRead } from '../api/cache';
import { change } from '../api/edit';
import type { FullItem, Moves } from '../api/types';
import { t, words } from '../i18n';
import { Tag } from './basics';
import { Menu } from './menu';
import '../i18n/en/item';

export function StateMenu(props: { project: string; item: FullItem }) {
  const { project, item } = props;
  const path = `items/${encodeURIComponent(item.key)}/transitions`;
  const { data } = useRead<Moves>(projectPath(project, path));
  const move = (to: string): void => {
    void change(project, path, { method: 'POST', json: { to }, ifMatch: `"${item.rev}"` });
  };

  if (data === null || data.transitions.length === 0) return <Tag name={item.state} />;
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
          {data.transitions.map((one) => (
            <li key={one.to}>
              <button
                type="button"
                disabled={!one.allowed}
                onClick={() => {
                  close();
                  move(one.to);
                }}
              >
                {t('item.transition', { state: words(one.to) })}
                <span class="dim"> {one.roles.map(words).join(', ')}</span>
              </button>
              {one.why !== null && <p class="dim why">{one.why}</p>}
            </li>
          ))}
        </ul>
      )}
    </Menu>
  );
}
