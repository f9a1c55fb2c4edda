// The state of an item, with where it can go.
import { useRead } from '../api/cache';
import type { FullItem, Moves } from '../api/types';
import { t, words } from '../i18n';
import { Tag } from './basics';
import { Menu } from './menu';
import { MoveList, movesPath } from './movelist';
import '../i18n/en/item';

export function StateMenu(props: { project: string; item: FullItem }) {
  const { project, item } = props;
  const { data } = useRead<Moves>(movesPath(project, item.key));

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
      {(close) => <MoveList project={project} item={item} moves={data} close={close} />}
    </Menu>
  );
}
