// A link added where one looks: which one, as what, to which item.
import { useState } from 'preact/hooks';
import { change } from '../api/edit';
import { t, words } from '../i18n';
import { endName, type LinkEnd } from '../model/metamodel';
import { Lazy } from './lazy';
import '../i18n/en/item';

const loadPicker = () => import('./itempicker');

/** A link of the item `k` at one of the ends; the first is proposed. */
export function AddLink(props: { project: string; k: string; ends: LinkEnd[]; onDone: () => void }) {
  const [choice, setChoice] = useState(0);
  const [role, setRole] = useState('');
  const [other, setOther] = useState('');
  const end = props.ends[choice];

  const add = async (): Promise<void> => {
    if (end === undefined || other === '') return;
    const [from, to] = end.outward ? [props.k, other] : [other, props.k];
    const as = end.roles.includes(role) ? role : end.roles[0];
    if (await change(props.project, 'links', { method: 'POST', json: { from, type: end.type.name, to, ...(as ? { as } : {}) } })) props.onDone();
  };
  if (end === undefined) return null;
  return (
    <form
      class="add-link"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      {props.ends.length > 1 && (
        <div class="field">
          <label for="link-type">{t('item.link-type')}</label>
          <select id="link-type" value={String(choice)} onChange={(event) => setChoice(Number(event.currentTarget.value))}>
            {props.ends.map((one, i) => (
              <option key={i} value={String(i)}>
                {endName(one)}
                {one.outward ? ' →' : ' ←'}
              </option>
            ))}
          </select>
        </div>
      )}
      {end.roles.some((one) => one !== '') && (
        <div class="field">
          <label for="link-role">{t('item.link-role')}</label>
          <select id="link-role" value={end.roles.includes(role) ? role : end.roles[0]} onChange={(event) => setRole(event.currentTarget.value)}>
            {end.roles.map((one) => (
              <option key={one} value={one}>
                {one === '' ? t('none') : words(one)}
              </option>
            ))}
          </select>
        </div>
      )}
      <Lazy key={choice} load={loadPicker} with={{ project: props.project, kinds: end.kinds, label: t('item.link-other'), onChoose: setOther }} />
      <div class="actions">
        <button type="submit" class="primary" disabled={other === ''}>
          {t('item.link-do')}
        </button>
        <button type="button" onClick={props.onDone}>
          {t('cancel')}
        </button>
      </div>
    </form>
  );
}
