// The fields of an item that differ, old and new beside each other.
import type { FieldChange, ItemChange } from '../api/types';
import { t, words } from '../i18n';
import { showValue } from '../model/value';
import { Redline } from './redline';
import { Table } from './table';
import '../i18n/en/drawing';

const ANY = '';
const text = (value: FieldChange['old']): string => showValue(value, ANY);

export function FieldChanges(props: { label: string; fields: FieldChange[] }) {
  return (
    <Table
      label={props.label}
      rows={props.fields}
      rowKey={(one) => one.field}
      columns={[
        { title: t('change.field'), cell: (one) => words(one.field) },
        { title: t('change.old'), cell: (one) => text(one.old) || '–' },
        { title: t('change.new'), cell: (one) => text(one.new) || '–' },
        { title: t('change.marked'), cell: (one) => <Redline before={text(one.old)} after={text(one.new)} /> },
      ]}
    />
  );
}

/** Items that differ, each with its fields to be opened. */
export function ItemChanges(props: { items: ItemChange[] }) {
  return (
    <>
      {props.items.map((item) => (
        <details key={item.key} class="difference">
          <summary>
            {item.key} {item.title} ({words(item.change)})
          </summary>
          <FieldChanges label={item.key} fields={item.fields} />
        </details>
      ))}
    </>
  );
}
