// One attribute of many items at once: first what it would do to each, then as one commit with a message.
import { useState } from 'preact/hooks';
import { invalidate, projectPath } from '../api/cache';
import { send } from '../api/http';
import { problemFrom, type Problem } from '../api/problem';
import type { Attrs, AttrType, AttrValue, Item } from '../api/types';
import { t, words } from '../i18n';
import { showValue } from '../model/value';
import { toast } from '../state/toasts';
import { KeyLink, ProblemView } from './basics';
import { Dialog } from './dialog';
import { Field } from './field';
import '../i18n/en/item';

interface Preview {
  key: string;
  before?: Partial<Item>;
  after?: Partial<Item>;
  refused?: unknown;
}

const filterOf = (keys: readonly string[]): string => keys.map((key) => `key:${key}`).join(' or ');
/** A filter has at most 256 terms. */
export const BULK_MAX = 250;

function refusal(refused: unknown): string {
  if (typeof refused === 'string') return refused;
  const detail = (refused as { detail?: unknown; message?: unknown } | null)?.detail ?? (refused as { message?: unknown } | null)?.message;
  return typeof detail === 'string' ? detail : JSON.stringify(refused);
}

function PreviewTable(props: { project: string; rows: Preview[]; attr: AttrType }) {
  const value = (item: Partial<Item> | undefined): string => showValue((item?.attrs as Attrs | undefined)?.[props.attr.name], props.attr.type) || t('none');
  return (
    <div class="scroll preview" role="region" aria-label={t('bulk.preview')} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('item.key')}</th>
            <th scope="col">{t('bulk.before')}</th>
            <th scope="col">{t('bulk.after')}</th>
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr key={row.key}>
              <td>
                <KeyLink project={props.project} k={row.key} />
              </td>
              {row.refused === undefined ? (
                <>
                  <td>{value(row.before)}</td>
                  <td>{value(row.after)}</td>
                </>
              ) : (
                <td colSpan={2} class="bad">
                  ▼ {t('bulk.refused')}: {refusal(row.refused)}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function BulkEdit(props: { project: string; keys: string[]; attrs: AttrType[]; onClose: () => void }) {
  const [name, setName] = useState(props.attrs[0]?.name ?? '');
  const [value, setValue] = useState<AttrValue>(null);
  const [message, setMessage] = useState('');
  const [preview, setPreview] = useState<Preview[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const attr = props.attrs.find((one) => one.name === name);

  const run = async (dry: boolean): Promise<void> => {
    try {
      const path = projectPath(props.project, 'items/bulk', { at: null, dry_run: dry ? 'true' : null, message: dry ? null : message });
      const answer = await send<Preview[]>(path, { method: 'POST', json: { q: filterOf(props.keys), patch: { attrs: { [name]: value } } } });
      setProblem(null);
      if (dry) setPreview(answer.data);
      else {
        invalidate(props.project);
        toast(t('bulk.done', { n: props.keys.length }));
        props.onClose();
      }
    } catch (error) {
      setProblem(problemFrom(error));
    }
  };
  return (
    <Dialog title={t('bulk.title', { n: props.keys.length })} onClose={props.onClose} wide>
      <div class="field">
        <label for="bulk-attr">{t('bulk.attr')}</label>
        <select
          id="bulk-attr"
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value);
            setValue(null);
            setPreview(null);
          }}
        >
          {props.attrs.map((one) => (
            <option key={one.name} value={one.name}>
              {words(one.name)}
            </option>
          ))}
        </select>
      </div>
      {attr !== undefined && (
        <Field
          key={name}
          type={attr}
          value={value}
          onValue={(next) => {
            setValue(next);
            setPreview(null);
          }}
        />
      )}
      <div class="field">
        <label for="bulk-message">{t('bulk.message')}</label>
        <input id="bulk-message" value={message} onInput={(event) => setMessage(event.currentTarget.value)} />
      </div>
      {problem !== null && <ProblemView problem={problem} />}
      {preview !== null && attr !== undefined && <PreviewTable project={props.project} rows={preview} attr={attr} />}
      <div class="actions">
        <button type="button" class={preview === null ? 'primary' : ''} onClick={() => void run(true)}>
          {t('bulk.show')}
        </button>
        <button type="button" class="primary" disabled={preview === null || preview.some((row) => row.refused !== undefined)} onClick={() => void run(false)}>
          {t('bulk.apply')}
        </button>
        <button type="button" onClick={props.onClose}>
          {t('cancel')}
        </button>
      </div>
    </Dialog>
  );
}
