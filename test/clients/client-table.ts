import type { Step } from './step.ts';

/** A column of the table: a client's results by operation. */
type Column = ReadonlyMap<string, string>;

const marked = /(<!-- clients -->\n)([\s\S]*)(<!-- end of clients -->)/;

/**
 * The README with the steps in its table of clients, which has a row for each operation and a column for each
 * client. Columns of clients that have no step here stay as they are; those of another version go.
 *
 * @throws {Error} when it has no place for the table, or when a client did one step twice
 */
export function readmeWith(readme: string, steps: readonly Step[]): string {
  const table = marked.exec(readme)?.[2];
  if (table === undefined) throw new Error('the README lacks <!-- clients -->');
  const clients = new Set(steps.map(({ client }) => client));
  const others = [...columnsIn(table)].filter(([title]) => !clients.has(clientOf(title)));
  const columns = new Map(
    [...others, ...columnsOf(steps)].toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
  const rows = new Set([...operationsIn(table), ...steps.map(({ operation }) => operation)]);
  return readme.replace(
    marked,
    (_, start, __, end) => `${start}\n${render(columns, rows)}\n\n${end}`,
  );
}

function columnsOf(steps: readonly Step[]): ReadonlyMap<string, Column> {
  const columns = new Map<string, Map<string, string>>();
  for (const { client, version, operation, result } of steps) {
    const title = `${client} ${version}`;
    const column = columns.get(title) ?? new Map<string, string>();
    if (column.has(operation)) throw new Error(`${title} did "${operation}" twice`);
    columns.set(title, column.set(operation, result === 'right' ? 'right' : 'wrong'));
  }
  return columns;
}

function columnsIn(table: string): ReadonlyMap<string, Column> {
  const [titles = [], , ...rows] = cellsIn(table);
  return new Map(
    titles.slice(1).map((title, index) => {
      const cells = rows.map((row): [string, string] => [row[0] ?? '', row[index + 1] ?? '']);
      return [title, new Map(cells.filter(([, result]) => result !== ''))];
    }),
  );
}

function operationsIn(table: string): readonly string[] {
  return cellsIn(table)
    .slice(2)
    .map(([operation = '']) => operation);
}

function cellsIn(table: string): readonly (readonly string[])[] {
  const lines = table.split('\n').filter((line) => line.startsWith('|'));
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** A client's name may have a number in it; its version is the last word. */
function clientOf(title: string): string {
  return title.slice(0, title.lastIndexOf(' '));
}

function render(columns: ReadonlyMap<string, Column>, operations: ReadonlySet<string>): string {
  const all = [...columns.values()];
  const rows = [...operations]
    .filter((operation) => all.some((column) => column.has(operation)))
    .map((operation) => [operation, ...all.map((column) => column.get(operation) ?? '')]);
  const titles = ['operation', ...columns.keys()];
  const lines = [titles, titles.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
