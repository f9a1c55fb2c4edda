// A choice that is kept in the address.
import { t } from '../i18n';
import { setQuery } from '../router';

/** `all` is what the empty choice says; without it, there is none. */
export function Chooser(props: { label: string; name: string; value: string; options: [string, string][]; all?: string | null }) {
  const all = props.all === undefined ? t('all') : props.all;
  return (
    <div class="field inline">
      <label for={`choose-${props.name}`}>{props.label}</label>
      <select id={`choose-${props.name}`} value={props.value} onChange={(event) => setQuery({ [props.name]: event.currentTarget.value })}>
        {all !== null && <option value="">{all}</option>}
        {props.options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
