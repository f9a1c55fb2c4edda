// Several of a few names, in a menu of boxes; the button says how many.
import { t, words } from '../i18n';
import { Menu } from './menu';

export function MultiSelect(props: { label: string; names: readonly string[]; chosen: readonly string[]; onChosen: (names: string[]) => void }) {
  const { names, chosen } = props;
  return (
    <Menu label={chosen.length === 0 ? t('multi.all', { what: props.label }) : t('multi.some', { what: props.label, n: chosen.length })}>
      {() => (
        <fieldset class="choices column">
          <legend class="hidden">{props.label}</legend>
          {names.map((name) => (
            <label key={name}>
              <input type="checkbox" checked={chosen.includes(name)} onChange={() => props.onChosen(chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name])} /> {words(name)}
            </label>
          ))}
        </fieldset>
      )}
    </Menu>
  );
}

/** Names with commas between, as an address has them. */
export const namesOf = (text: string): string[] => (text === '' ? [] : text.split(','));
