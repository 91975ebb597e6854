import type { ColumnRole } from './catalog-types.ts';
import type { IncomingRecord } from './incoming-record.ts';
import type { TableState } from './table-state.ts';

/** The service's documented limits on one table. */
const limits = {
  dimensionsMax: 128,
  measureNamesMax: 8192,
  multiAttributesMax: 1024,
} as const;

/**
 * Checks a record against the schema of its table: a measure name keeps its kind, a column its
 * type, and dimensions and attributes share one namespace. The service documents these rules
 * without the text of the rejections, so the texts are this server's own.
 *
 * @returns why the record is rejected, or undefined
 */
export function checkSchema(table: TableState, record: IncomingRecord): string | undefined {
  const { measureName, kind, dimensions, values } = record;
  const known = table.measures.get(measureName);
  if (known !== undefined && known !== kind) {
    return `The measure name ${measureName} already has the measure value type ${known}; a record with the type ${kind} cannot be written.`;
  }
  if (known === undefined && table.measures.size >= limits.measureNamesMax) {
    return `The table has reached the limit of ${limits.measureNamesMax} unique measure names.`;
  }
  for (const [name] of dimensions) {
    const clash = checkColumn(table, name, 'dimension', 'VARCHAR');
    if (clash !== undefined) return clash;
  }
  for (const { column, type } of values) {
    const clash = checkColumn(table, column, kind === 'MULTI' ? 'multi' : 'single', type);
    if (clash !== undefined) return clash;
  }
  return checkCounts(table, record);
}

function checkColumn(
  table: TableState,
  name: string,
  role: ColumnRole,
  type: string,
): string | undefined {
  const column = table.columns.get(name);
  if (!column) return undefined;
  if (column.role !== role) {
    return `The name ${name} is already in use as a ${roleNames[column.role]} of this table.`;
  }
  return column.type === type
    ? undefined
    : `The measure ${name} already has the type ${column.type}; a value of type ${type} cannot be written.`;
}

const roleNames = { dimension: 'dimension', single: 'measure', multi: 'measure' } as const;

function checkCounts(table: TableState, record: IncomingRecord): string | undefined {
  const fresh = (names: readonly string[]) =>
    names.filter((name) => !table.columns.has(name)).length;
  const newDimensions = fresh(record.dimensions.map(([name]) => name));
  if (newDimensions > 0) {
    const count = table.columnsOf('dimension').length + newDimensions;
    if (count > limits.dimensionsMax) {
      return `The table has reached the limit of ${limits.dimensionsMax} dimensions.`;
    }
  }
  if (record.kind !== 'MULTI') return undefined;
  const newAttributes = fresh(record.values.map(({ column }) => column));
  if (newAttributes === 0) return undefined;
  const count = table.columnsOf('multi').length + newAttributes;
  return count > limits.multiAttributesMax
    ? `The table has reached the limit of ${limits.multiAttributesMax} multi-measure attributes.`
    : undefined;
}
