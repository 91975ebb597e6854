import {
  measureValueTypes,
  type Attribute,
  type BatchLimits,
  type MeasureValueType,
  type RowsSummary,
  type StoredRow,
  type StoreTable,
  type TimeSpan,
} from '@highwater/model';
import { StoreUnavailableError, valueAttribute } from '@highwater/store-kit';
import type { QueryPage } from './query-api.ts';
import type { ReadTable } from './read-rows.ts';
import { instant, parseTimeMs } from './sql-text.ts';
import type { TableColumns } from './table-columns.ts';

/** See `RowReader.rows`. Raw points and view rows share a table, and only view rows have a window. */
export async function* readStoredRows(
  { api, table, columns }: ReadTable,
  { kind, span }: { readonly kind: StoreTable; readonly span: TimeSpan },
  limits: BatchLimits,
): AsyncGenerator<readonly StoredRow[]> {
  const where = whereRows(columns, kind, span);
  if (where === undefined) return;
  for await (const page of api.pages(`SELECT * FROM ${table} WHERE ${where}`, limits)) {
    const rolesInPage = page.columns.map(({ name }) => roleOf(columns, name));
    const rows = page.rows.flatMap((cells) => storedRowOf(rolesInPage, cells) ?? []);
    if (rows.length > 0) yield rows;
  }
}

/** See `RowReader.summarize`. */
export async function summarizeRows(
  { api, table, columns }: ReadTable,
  { kind, span }: { readonly kind: StoreTable; readonly span: TimeSpan },
  signal: AbortSignal,
): Promise<RowsSummary> {
  const where = whereRows(columns, kind, span);
  if (where === undefined) return noRows;
  const { rows } = await api.query(
    `SELECT COUNT(*) AS rows, MIN(time) AS oldest, MAX(time) AS newest FROM ${table} WHERE ${where}`,
    { rowsMax: 1, signal },
  );
  const [count, oldest, newest] = rows[0] ?? [];
  return {
    rowsCount: Number(count ?? 0),
    oldestMs: oldest ? parseTimeMs(oldest) : undefined,
    newestMs: newest ? parseTimeMs(newest) : undefined,
  };
}

/** A table without rows. */
export const noRows: RowsSummary = { rowsCount: 0, oldestMs: undefined, newestMs: undefined };

/** @returns undefined when no row can be of this kind */
function whereRows(
  { hasWindows }: TableColumns,
  kind: StoreTable,
  { startMs, endMs }: TimeSpan,
): string | undefined {
  const time = `time >= ${instant(startMs)} AND time < ${instant(endMs)}`;
  if (kind === 'views') {
    return hasWindows
      ? `${time} AND window_start IS NOT NULL AND window_end IS NOT NULL`
      : undefined;
  }
  return kind === 'raw' && hasWindows
    ? `${time} AND (window_start IS NULL OR window_end IS NULL)`
    : time;
}

/** What the values of a column are to a row. */
type Role =
  | { readonly kind: 'measure' | 'time' | 'foreign' }
  | { readonly kind: 'dimension'; readonly name: string }
  | { readonly kind: 'value'; readonly type: MeasureValueType }
  | { readonly kind: 'attribute'; readonly name: string; readonly type: MeasureValueType };

function roleOf(columns: TableColumns, name: string): Role {
  if (name === 'measure_name') return { kind: 'measure' };
  if (name === 'time') return { kind: 'time' };
  const isDimension =
    columns.dimensions.includes(name) || name === 'window_start' || name === 'window_end';
  if (isDimension) return { kind: 'dimension', name };
  const single = /^measure_value::(\w+)$/.exec(name)?.[1];
  const attribute = columns.attributeTypes.get(name);
  const type = measureValueTypes.find((each) => each.toLowerCase() === (single ?? attribute));
  if (single === undefined && attribute === undefined) {
    throw new StoreUnavailableError(
      `reading rows: the table has just got the column ${name}; read them again`,
    );
  }
  // A type that no writer of ours has, for example TIMESTAMP.
  if (type === undefined) return { kind: 'foreign' };
  if (single !== undefined || name === valueAttribute) return { kind: 'value', type };
  return { kind: 'attribute', name, type };
}

/** @returns undefined for a row that another program wrote in a form that we do not have */
function storedRowOf(
  roles: readonly Role[],
  cells: QueryPage['rows'][number],
): StoredRow | undefined {
  let measureName = '';
  let time = '';
  let value: Pick<StoredRow, 'measureValue' | 'measureValueType'> | undefined;
  const dimensions: { readonly name: string; readonly value: string }[] = [];
  const attributes: Attribute[] = [];
  for (const [index, cell] of cells.entries()) {
    const role = roles[index];
    if (cell === null || role === undefined) continue;
    switch (role.kind) {
      case 'measure':
        measureName = cell;
        break;
      case 'time':
        time = nanosecondsOf(cell);
        break;
      case 'dimension':
        dimensions.push({ name: role.name, value: cell });
        break;
      case 'value':
        value = { measureValueType: role.type, measureValue: cell };
        break;
      case 'attribute':
        attributes.push({ name: role.name, type: role.type, value: cell });
        break;
      case 'foreign':
        return undefined;
    }
  }
  if (value === undefined) return undefined;
  return {
    measureName,
    ...value,
    dimensions,
    time,
    timeUnit: 'NANOSECONDS',
    // The engine does not return it.
    version: undefined,
    ...(attributes.length > 0 && { attributes }),
  };
}

/** `yyyy-MM-dd HH:mm:ss.nnnnnnnnn` as nanoseconds since the epoch. */
function nanosecondsOf(text: string): string {
  const milliseconds = parseTimeMs(text);
  return `${milliseconds}${text.slice(23).padEnd(6, '0')}`;
}
