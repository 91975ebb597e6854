import type { QueryReply } from '../../src/contract.ts';

const shownMax = 500;
const numbers = new Set(['DOUBLE', 'BIGINT', 'INTEGER']);

/** A result as the store sent it, with the types of its columns. */
export function ResultTable({ reply }: { readonly reply: QueryReply }) {
  const { columns, rows } = reply;
  return (
    <div class="scroll tall" tabIndex={0} role="region" aria-label="Rows">
      <table class="result">
        <thead>
          <tr>
            {columns.map(({ name, type }, index) => (
              <th key={index} scope="col" class={numbers.has(type) ? 'number' : undefined}>
                {name}
                <span class="sub">{type.toLowerCase()}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, shownMax).map((row, index) => (
            <tr key={index}>
              {row.map((cell, at) => (
                <td key={at} class={numbers.has(columns[at]?.type ?? '') ? 'number' : undefined}>
                  {cell ?? <span class="muted">null</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > shownMax && (
        <p class="muted">
          The first {shownMax} of {rows.length} rows; the saved file has all.
        </p>
      )}
    </div>
  );
}
