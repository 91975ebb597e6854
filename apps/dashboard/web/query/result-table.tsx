import type { QueryReply } from '../../src/contract.ts';
import { DataTable } from '../parts/data-table.tsx';
import { columnKind } from './column-kind.ts';

const shownMax = 500;

/** A result as the store sent it, with the types of its columns. */
export function ResultTable({ reply }: { readonly reply: QueryReply }) {
  const { columns, rows } = reply;
  return (
    <DataTable
      label="Rows"
      kind="result"
      isTall
      columns={columns.map(({ name, type }) => ({
        name,
        note: type.toLowerCase(),
        isNumber: columnKind(type) === 'number',
      }))}
      footnote={
        rows.length > shownMax
          ? `The first ${shownMax} of ${rows.length} rows; the saved file has all rows.`
          : undefined
      }
    >
      {rows.slice(0, shownMax).map((row, index) => (
        <tr key={index}>
          {row.map((cell, at) => (
            <td
              key={at}
              class={columnKind(columns[at]?.type ?? '') === 'number' ? 'number' : undefined}
            >
              {cell ?? <span class="muted">null</span>}
            </td>
          ))}
        </tr>
      ))}
    </DataTable>
  );
}
