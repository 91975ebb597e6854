import { quoteText } from './quote.ts';
import { elementOf } from './cast-sql.ts';
import type { SqlType } from './sql-type.ts';
import type { Typed } from './typed.ts';

/** Maximum size of one text. Texts in rows of a table, or of an answer, are smaller. */
export const textBytesMax = 2 ** 20;

/** Of all texts of a batch of 2,048 rows, or of as many calls of a lambda. */
const textsBytesMax = 64 * 2 ** 20;

/** Of a list, and of all lists of a batch. */
const listBytesMax = 64 * 2 ** 20;
const listsBytesMax = 192 * 2 ** 20;

/**
 * Maximum result of a lambda in a batch. It is copied into the lists of the rows, several times.
 */
const lambdaBytesMax = 16 * 2 ** 20;

/** Up to here a whole batch of texts is small, and nothing is checked. */
const smallTextBytes = 16 * 2 ** 10;

const comparisonsMax = 100_000_000;

interface Growth {
  /** The function, as messages name it. */
  readonly what: string;
  /** DuckDB SQL for the bytes of its result. */
  readonly bytes: string;
  readonly isInLambda: boolean;
}

/** SQL that makes a text only if there is room for it; it fails the query otherwise. */
export function textInRoom(sql: string, { what, bytes, isInLambda }: Growth): string {
  const batchMax = isInLambda ? lambdaBytesMax : textsBytesMax;
  const bounds = [textBytesMax, batchMax] as const;
  return guarded(sql, `${what} exceeds ? bytes`, bytes, { isInLambda, bounds });
}

/** Whether texts up to this size, if it is known, need no check for space. */
export function isSmallText(bytesMax: number | undefined): boolean {
  return bytesMax !== undefined && bytesMax <= smallTextBytes;
}

/** The same for a list. */
export function listInRoom(sql: string, { what, bytes, isInLambda }: Growth): string {
  const batchMax = isInLambda ? lambdaBytesMax : listsBytesMax;
  const bounds = [listBytesMax, batchMax] as const;
  return guarded(sql, `${what} exceeds ? bytes`, bytes, { isInLambda, bounds });
}

/** For a list that DuckDB works out in advance where it is a constant, so that it still does. */
export function constantListInRoom(sql: string, what: string, bytes: string): string {
  const condition = room('hw_room_once', `${what} exceeds ? bytes`, bytes, [
    listBytesMax,
    listsBytesMax,
  ]);
  return `CASE WHEN ${condition} THEN ${sql} END`;
}

/** SQL that compares each item of a list with each of another. */
export function inTime(sql: string, what: string, comparisons: string): string {
  const message = `${what} exceeds ? comparisons`;
  const bounds = [comparisonsMax, 2 * comparisonsMax] as const;
  return guarded(sql, message, comparisons, { isInLambda: false, bounds });
}

/**
 * The result of a lambda, which the list of results holds a copy of, if there is room for it. Numbers
 * and the like are small.
 */
export function lambdaResultInRoom(body: Typed): string {
  const isCounted = body.sql.startsWith('(CASE WHEN hw_room_once(');
  if (isCounted || isOfFixedSize(body.type)) return body.sql;
  const bytes = bytesSql(body);
  const growth = { what: 'the result of a lambda', bytes, isInLambda: true };
  return listInRoom(body.sql, growth);
}

/** SQL for about how many bytes a value takes. */
export function bytesSql({ sql, type, bytesMax }: Typed): string {
  if (bytesMax !== undefined) return String(bytesMax + 16);
  if (type.kind === 'varchar') return `(strlen(${sql}) + 16)`;
  if (type.kind === 'row') {
    const fields = type.fields.map((field, at) =>
      bytesSql({ sql: `struct_extract(${sql}, 'f${at}')`, type: field.type }),
    );
    return `(${fields.map((field) => `coalesce(${field}, 0)`).join(' + ')})`;
  }
  const element = elementOf(type);
  if (!element) return '8';
  if (isOfFixedSize(element)) return `(len(${sql}) * 16)`;
  const item = bytesSql({ sql: 'room_item', type: element });
  return `(len(${sql}) * 16 + coalesce(list_sum(list_transform(${sql}, lambda room_item: ${item})), 0))`;
}

/** Whether all values of a type take the same few bytes. */
export function isOfFixedSize(type: SqlType): boolean {
  if (type.kind === 'row') return type.fields.every((field) => isOfFixedSize(field.type));
  return type.kind !== 'varchar' && type.kind !== 'array' && type.kind !== 'timeseries';
}

type Bounds = readonly [row: number, batch: number];

/**
 * Within a lambda, every batch is checked. Elsewhere, DuckDB would check once for a constant, and
 * then copy it.
 */
function guarded(
  sql: string,
  message: string,
  size: string,
  { isInLambda, bounds }: { readonly isInLambda: boolean; readonly bounds: Bounds },
): string {
  const name = isInLambda ? 'hw_room_once' : 'hw_room';
  return `(CASE WHEN ${room(name, message, size, bounds)} THEN ${sql} END)`;
}

/**
 * SQL that is NULL if the other fails. DuckDB's TRY does not support anything that may differ from
 * call to call.
 */
export function trySql(sql: string): string {
  const steady = sql.replace(/'(?:[^']|'')*'|\bhw_room\b/g, (found) =>
    found === 'hw_room' ? 'hw_room_once' : found,
  );
  return `TRY(${steady})`;
}

function room(name: string, message: string, size: string, [row, batch]: Bounds): string {
  return `${name}(${quoteText(message)}, CAST(${size} AS DOUBLE), ${row}, ${batch})`;
}
