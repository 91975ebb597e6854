import type { StoreTable } from '@highwater/model';
import { hash } from 'node:crypto';
import { identifier, literal } from './sql-text.ts';
import { qualified, type TableLayout } from './table-layout.ts';

/** What is known of a measure in one table. */
export interface MeasureShape {
  readonly measureName: string;
  /** Sorted. */
  readonly dimensions: readonly string[];
  readonly valueTypes: readonly string[];
}

/** A view for people: one row for each identity, columns named like the dimensions. */
export interface MeasureView {
  /** Without the database. */
  readonly name: string;
  readonly statement: string;
  /** Equal for views that are the same; kept as the comment of the view. */
  readonly comment: string;
}

/** What the comment of a view of ours begins with. */
const commentStart = 'Made by Highwater';

/** Whether a table or view with this comment may be replaced: it is not somebody else's. */
export function isMeasureView(comment: string): boolean {
  return comment.startsWith(commentStart);
}

/** No suffix ends in another, so views of different tables never have the same name. */
const suffixes: Readonly<Record<StoreTable, string>> = {
  raw: '_points',
  views: '_latest',
  corrections: '_corrections',
};

/** A measure name with more would not fit into the name of a file. */
const nameLengthMax = 150;

/** More columns than a person reads. Further dimensions, in the order of their names, have none. */
export const dimensionsMax = 200;

/**
 * The name of the view of a measure: that of the measure, where it consists of letters, digits and
 * underscores. Others are made so, and a hash keeps them apart.
 */
export function measureViewName(table: StoreTable, measureName: string): string {
  const isTaken = measureName === 'raw' || measureName === 'views' || measureName === 'corrections';
  const isPlain = /^\w+$/.test(measureName) && measureName.length <= nameLengthMax && !isTaken;
  if (isPlain) return `${measureName}${suffixes[table]}`;
  const safe = measureName.replaceAll(/\W/g, '_').slice(0, nameLengthMax);
  return `${safe}_${hash('sha256', measureName, 'hex').slice(0, 8)}${suffixes[table]}`;
}

/** The view of a measure, with a column for each of its dimensions. */
export function measureView(
  database: string,
  layout: TableLayout,
  { measureName, dimensions, valueTypes }: MeasureShape,
): MeasureView {
  const { table, rows, series } = layout;
  const name = measureViewName(table, measureName);
  const fixed: readonly Column[] = [
    ['time', 'r.time'],
    ...(layout.hasWindows ? windowColumns : []),
  ];
  const values =
    table === 'corrections' ? correctionColumns : valueColumnsOf(new Set(valueTypes), table);
  const names = new Set([...fixed, ...values].map(([each]) => each));
  const keys = dimensions.slice(0, dimensionsMax).map((dimension): Column => {
    // A dimension may be called `value`, too.
    let column = dimension;
    while (names.has(column)) column += '_dimension';
    names.add(column);
    return [column, `s.dimensions[${literal(dimension)}]`];
  });
  const columns = [...fixed, ...keys, ...values];
  const select = `SELECT ${columns.map(([column, from]) => `${from} AS ${identifier(column)}`).join(', ')}
    FROM (SELECT * FROM ${rows} FINAL WHERE measure_name = ${literal(measureName)}) AS r
    ANY LEFT JOIN (SELECT series_id, dimensions FROM ${series} WHERE measure_name = ${literal(measureName)}) AS s
    ON r.series_id = s.series_id
    SETTINGS do_not_merge_across_partitions_select_final = 1`;
  const comment = `${commentStart}, ${hash('sha256', select, 'hex').slice(0, 12)}`;
  const statement = `CREATE OR REPLACE VIEW ${qualified(database, name)} AS ${select} COMMENT ${literal(comment)}`;
  return { name, statement, comment };
}

type Column = readonly [name: string, from: string];

const windowColumns: readonly Column[] = [
  ['window_start', 'r.window_start'],
  ['window_end', 'r.window_end'],
];

const correctionColumns: readonly Column[] = [
  ['from', `JSONExtractFloat(r.value_text, 'from')`],
  ['to', `JSONExtractFloat(r.value_text, 'to')`],
  ['points', `JSONExtractUInt(r.value_text, 'points')`],
  ['added', `JSONExtractUInt(r.value_text, 'added')`],
  ['late', `JSONExtractUInt(r.value_text, 'late')`],
  ['late_by_ms', `JSONExtractInt(r.value_text, 'lateByMs')`],
];

/** One column `value` in the type of the measure, where all its rows are of one type. */
function valueColumnsOf(types: ReadonlySet<string>, table: StoreTable): readonly Column[] {
  const rest: readonly Column[] = [
    ...(table === 'views'
      ? [['interpolated', `r.attributes['interpolated']`] satisfies Column]
      : []),
    ['version', 'r.version'],
  ];
  const [only] = types.size === 1 ? types : [];
  if (only === 'BIGINT') return [['value', 'r.value_int'], ...rest];
  if (only === 'VARCHAR') return [['value', 'r.value_text'], ...rest];
  if (only === 'BOOLEAN') return [['value', 'r.value_bool'], ...rest];
  return [
    ['value', 'r.value'],
    ...(types.has('VARCHAR') ? [['value_text', 'r.value_text'] satisfies Column] : []),
    ...(types.has('BOOLEAN') ? [['value_bool', 'r.value_bool'] satisfies Column] : []),
    ...rest,
  ];
}
