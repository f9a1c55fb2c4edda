// `?` lists the keys; single letters can be turned off for who speaks to the machine or types by accident.
import { type MessageKey, t } from '../i18n';
import { singleKeys } from '../state/settings';
import { useStore } from '../state/store';
import { Dialog } from './dialog';

const KEYS: readonly [string[], MessageKey][] = [
  [['Ctrl', 'K'], 'keys.palette'],
  [['?'], 'keys.help'],
  [['j', '↓'], 'keys.down'],
  [['k', '↑'], 'keys.up'],
  [['←', '→'], 'keys.side'],
  [['x', 'Space'], 'keys.select'],
  [['Ctrl', 'A'], 'keys.select-all'],
  [['e', 'F2'], 'keys.edit'],
  [['Enter'], 'keys.open'],
  [['Esc'], 'keys.leave'],
];

export function KeyHelp(props: { onClose: () => void }) {
  const single = useStore(singleKeys);
  return (
    <Dialog title={t('keys.title')} onClose={props.onClose}>
      <dl class="keys">
        {KEYS.map(([keys, text]) => (
          <div key={text}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
      <label>
        <input type="checkbox" checked={single} onChange={() => singleKeys.set(!single)} /> {t('keys.single')}
      </label>
    </Dialog>
  );
}
