// A plain table of a few rows, scrolling inside itself where it is too wide.
import type { ComponentChildren } from 'preact';

export interface TableColumn<Row> {
  title: string;
  cell: (row: Row) => ComponentChildren;
}

export function Table<Row>(props: { label: string; columns: TableColumn<Row>[]; rows: Row[]; rowKey: (row: Row) => string }) {
  return (
    <div class="scroll" role="region" aria-label={props.label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {props.columns.map((column) => (
              <th key={column.title} scope="col">
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr key={props.rowKey(row)}>
              {props.columns.map((column) => (
                <td key={column.title}>{column.cell(row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
