// Which column of a sheet is what: a profile is chosen, or each column is sent somewhere by hand, over the first rows.
import { useEffect, useState } from 'preact/hooks';
import { projectPath, useRead } from '../api/cache';
import { change } from '../api/edit';
import { send as ask } from '../api/http';
import { problemFrom, type Problem } from '../api/problem';
import { t, words } from '../i18n';
import { isUsable, KEPT, LEFT_OUT, type Profile, profileOf, send, type SheetTable } from '../model/mapping';
import { useMetamodel } from '../state/metamodel';
import { toast } from '../state/toasts';
import { Panel, ProblemView, Waiting } from './basics';
import '../i18n/en/imports';

interface NamedProfile {
  name: string;
  own: boolean;
  profile: Profile;
}

/** What the sheet is read with: none, one by name, or one made by hand (JSON). */
export interface Mapping {
  profile: string;
  usable: boolean;
}

/** What rows are unless a profile says it. */
const ROWS_ARE = 'requirement';
const DELIMITERS = [',', ';', '|', 'tab'];

function useTable(file: File, profile: Profile): { table: SheetTable | null; problem: Problem | null } {
  const [read, setRead] = useState<{ table: SheetTable | null; problem: Problem | null }>({ table: null, problem: null });
  const text = JSON.stringify(profile);

  useEffect(() => {
    let current = true;
    const path = `inspect?${new URLSearchParams({ name: file.name, ...(text === '{}' ? {} : { profile: text }) }).toString()}`;
    ask<{ table?: SheetTable }>(path, { method: 'POST', body: file, type: 'application/octet-stream' }).then(
      (answer) => current && setRead({ table: answer.data.table ?? null, problem: null }),
      (error: unknown) => current && setRead({ table: null, problem: problemFrom(error) }),
    );
    return () => {
      current = false;
    };
  }, [file, text]);
  return read;
}

function Reading(props: { table: SheetTable; base: Profile; onBase: (base: Profile) => void }) {
  const { table, base } = props;
  const kinds = useMetamodel()?.kinds ?? [];
  return (
    <>
      <div class="field">
        <label for="map-kind">{t('map.kind')}</label>
        <select id="map-kind" value={base.kind ?? ROWS_ARE} onChange={(event) => props.onBase({ ...base, kind: event.currentTarget.value })}>
          {kinds.map((kind) => (
            <option key={kind.name} value={kind.name}>
              {kind.title}
            </option>
          ))}
        </select>
      </div>
      {(table.sheets?.length ?? 0) > 1 && (
        <div class="field">
          <label for="map-sheet">{t('map.sheet')}</label>
          <select id="map-sheet" value={base.sheet ?? table.sheet ?? ''} onChange={(event) => props.onBase({ ...base, sheet: event.currentTarget.value })}>
            {table.sheets!.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </div>
      )}
      <div class="field">
        <label for="map-row">{t('map.header-row')}</label>
        <input
          id="map-row"
          type="number"
          min={1}
          value={base.header_row ?? 1}
          onChange={(event) => {
            const row = Number(event.currentTarget.value);
            if (Number.isInteger(row) && row >= 1) props.onBase({ ...base, header_row: row });
          }}
        />
      </div>
      {table.sheets === undefined && (
        <div class="field">
          <label for="map-delimiter">{t('map.delimiter')}</label>
          <select
            id="map-delimiter"
            value={base.delimiter ?? ''}
            onChange={(event) => {
              const { delimiter: _, ...rest } = base;
              props.onBase(event.currentTarget.value === '' ? rest : { ...rest, delimiter: event.currentTarget.value });
            }}
          >
            <option value="">{t('map.delimiter-found')}</option>
            {DELIMITERS.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </div>
      )}
    </>
  );
}

function Columns(props: { table: SheetTable; targets: string[]; onTargets: (targets: string[]) => void }) {
  const { table, targets } = props;
  // a profile may send a column to one value of several or to a link, which are no members of the list
  const members = [...new Set([...table.members, ...targets.filter((to) => to !== KEPT && to !== LEFT_OUT)])];
  return (
    <div class="scroll" role="region" aria-label={t('map.columns')} tabIndex={0}>
      <table class="column-map">
        <thead>
          <tr>
            {table.columns.map(({ header }, i) => (
              <th key={i} scope="col">
                <span>{header || t('map.no-header')}</span>
                <select
                  aria-label={t('map.column', { header: header || String(i + 1) })}
                  value={targets[i]}
                  disabled={header === ''}
                  onChange={(event) => props.onTargets(send(targets, i, event.currentTarget.value))}
                >
                  <option value={KEPT}>{t('map.kept')}</option>
                  <option value={LEFT_OUT}>{t('map.left-out')}</option>
                  {members.map((member) => (
                    <option key={member} value={member}>
                      {words(member)}
                    </option>
                  ))}
                </select>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, r) => (
            <tr key={r}>
              {table.columns.map((_, i) => (
                <td key={i} class={targets[i] === LEFT_OUT ? 'dim' : ''}>
                  {row[i]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SaveAs(props: { project: string; profile: Profile }) {
  const [name, setName] = useState('');
  const save = async (): Promise<void> => {
    const path = `profiles/${encodeURIComponent(name.trim())}`;
    if (await change(props.project, path, { method: 'PUT', json: { ...props.profile, name: name.trim() } })) toast(t('map.saved', { name: name.trim() }));
  };
  return (
    <form
      class="toolbar"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <div class="field inline">
        <label for="map-name">{t('map.save-as')}</label>
        <input id="map-name" required value={name} onInput={(event) => setName(event.currentTarget.value)} />
      </div>
      <button type="submit" disabled={name.trim() === ''}>
        {t('map.save')}
      </button>
    </form>
  );
}

/** Shows nothing for a file that is no sheet. */
export function ColumnMap(props: { project: string; file: File; onMapping: (mapping: Mapping) => void }) {
  const { project, file, onMapping } = props;
  const profiles = useRead<NamedProfile[]>(projectPath(project, 'profiles', { at: null })).data;
  const [chosen, setChosen] = useState('');
  const [base, setBase] = useState<Profile>({});
  const [byHand, setByHand] = useState<string[] | null>(null);
  const { table, problem } = useTable(file, base);
  const targets = byHand ?? table?.columns.map((column) => column.to) ?? [];
  const own = byHand !== null && table !== null ? profileOf(table, byHand, base) : base;

  useEffect(() => {
    const untouched = byHand === null && base === profiles?.find((one) => one.name === chosen)?.profile;
    const text = JSON.stringify(own);
    onMapping({ profile: untouched ? chosen : text === '{}' ? '' : text, usable: problem === null && (table === null || isUsable(targets)) });
  }, [chosen, base, byHand, table, problem]);
  const read = (next: Profile): void => {
    setBase(next);
    setByHand(null);
  };
  if (table === null && problem === null) return null;
  return (
    <Panel title={t('map.title')}>
      <div class="row-form three">
        <div class="field">
          <label for="map-profile">{t('map.profile')}</label>
          <select
            id="map-profile"
            value={chosen}
            onChange={(event) => {
              setChosen(event.currentTarget.value);
              read(profiles?.find((one) => one.name === event.currentTarget.value)?.profile ?? {});
            }}
          >
            <option value="">{t('map.by-headers')}</option>
            {(profiles ?? []).map((one) => (
              <option key={one.name} value={one.name}>
                {one.own ? one.name : t('map.builtin', { name: one.name })}
              </option>
            ))}
          </select>
        </div>
        {table !== null && <Reading table={table} base={base} onBase={({ columns: _, ignore: __, ...rest }) => read(rest)} />}
      </div>
      {problem !== null && <ProblemView problem={problem} />}
      {table === null && problem === null && <Waiting />}
      {table !== null && (
        <>
          {!isUsable(targets) && <p class="notice">{t('map.no-id')}</p>}
          <Columns table={table} targets={targets} onTargets={setByHand} />
          <SaveAs project={project} profile={own} />
        </>
      )}
    </Panel>
  );
}
