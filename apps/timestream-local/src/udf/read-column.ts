import duckdb, { type Vector } from '@duckdb/node-bindings';
import { Times } from '../series/times.ts';
import type { ArgumentKind, Values } from './values.ts';

/** A column of a batch of rows. */
export interface Column<K extends ArgumentKind> {
  /** Undefined for NULL. */
  readonly get: (row: number) => Values[K] | undefined;
  /** The approximate size of a row's value in bytes. */
  readonly bytes: (row: number) => number;
}

type Read<K extends ArgumentKind> = (vector: Vector, count: number) => Column<K>;

/** Reads the vectors of DuckDB's arguments: copies of their bytes, one call for each vector. */
export const readColumn: { readonly [K in ArgumentKind]: Read<K> } = {
  integer: (vector, count) => {
    const values = new Int32Array(...dataOf(vector, count, 4));
    return ofWidth(4, vector, count, (row) => values[row]);
  },
  bigint: (vector, count) => {
    const values = bigints(vector, count);
    return ofWidth(8, vector, count, (row) => values[row]);
  },
  double: (vector, count) => {
    const values = doubles(vector, count);
    return ofWidth(8, vector, count, (row) => values[row]);
  },
  text: readTexts,
  laterText: (vector, count) => {
    const { get } = readTexts(vector, count);
    return { get: (row) => () => get(row) ?? '', bytes: () => 0 };
  },
  times: (vector, count) => {
    const { child, size, ranges } = readLists(vector, count);
    const ns = bigints(child, size);
    const nulls = nullMask(child, size);
    return ofLists(8, ranges, (from, to) => ({
      times: new Times(ns.subarray(from, to)),
      nulls: part(nulls, from, to),
    }));
  },
  doubles: (vector, count) => {
    const { child, size, ranges } = readLists(vector, count);
    const values = doubles(child, size);
    const nulls = nullMask(child, size);
    return ofLists(8, ranges, (from, to) => ({
      values: values.subarray(from, to),
      nulls: part(nulls, from, to),
    }));
  },
  points: (vector, count) => {
    const { child, size, ranges } = readLists(vector, count);
    const [times, values] = [0, 1].map((field) => duckdb.struct_vector_get_child(child, field));
    if (!times || !values) throw new TypeError('a point has a time and a value');
    const [ns, numbers] = [bigints(times, size), doubles(values, size)];
    // A NULL among the points also counts as a NULL of its time.
    const timeNulls = nullMask(child, size) ?? nullMask(times, size);
    const valueNulls = nullMask(values, size);
    return ofLists(16, ranges, (from, to) => ({
      timesNs: ns.subarray(from, to),
      timeNulls: part(timeNulls, from, to),
      values: numbers.subarray(from, to),
      valueNulls: part(valueNulls, from, to),
    }));
  },
};

function ofWidth<T>(
  bytes: number,
  vector: Vector,
  count: number,
  get: (row: number) => T | undefined,
) {
  const nulls = nullMask(vector, count);
  return {
    get: (row: number) => (nulls?.[row] ? undefined : get(row)),
    bytes: () => bytes,
  };
}

function dataOf(vector: Vector, count: number, width: number): [ArrayBuffer, number, number] {
  const { buffer, byteOffset } = duckdb.vector_get_data(vector, count * width);
  return [buffer as ArrayBuffer, byteOffset, count];
}

const bigints = (vector: Vector, count: number) => new BigInt64Array(...dataOf(vector, count, 8));
const doubles = (vector: Vector, count: number) => new Float64Array(...dataOf(vector, count, 8));

/** One byte per item, 1 for NULL; undefined when there is none, which is the usual case. */
function nullMask(vector: Vector, count: number): Uint8Array | undefined {
  const valid = validityOf(vector, count);
  if (!valid) return undefined;
  const isNull = (at: number) => 1 - (((valid[at >> 3] ?? 0) >> (at & 7)) & 1);
  const mask = new Uint8Array(count);
  for (let at = 0; at < count; at += 1) mask[at] = isNull(at);
  return mask.includes(1) ? mask : undefined;
}

/** One bit per item, 1 for a value. */
function validityOf(vector: Vector, count: number): Uint8Array | undefined {
  const bytes: Uint8Array | null = duckdb.vector_get_validity(vector, Math.ceil(count / 64) * 8);
  return bytes ?? undefined;
}

function part(mask: Uint8Array | undefined, from: number, to: number): Uint8Array | undefined {
  const own = mask?.subarray(from, to);
  return own?.includes(1) ? own : undefined;
}

/** Where a row's items are in the child; undefined for NULL. */
type Ranges = (row: number) => readonly [from: number, to: number] | undefined;

function readLists(vector: Vector, count: number) {
  // Offset and length, 64 bits each, of which a vector in memory needs the lower half.
  const entries = new Uint32Array(...dataOf(vector, count * 4, 4));
  const nulls = nullMask(vector, count);
  const ranges: Ranges = (row) => {
    if (nulls?.[row]) return undefined;
    const [from = 0, length = 0] = [entries[row * 4], entries[row * 4 + 2]];
    return [from, from + length];
  };
  return {
    child: duckdb.list_vector_get_child(vector),
    size: duckdb.list_vector_get_size(vector),
    ranges,
  };
}

function ofLists<T>(
  itemBytes: number,
  ranges: Ranges,
  slice: (from: number, to: number) => T,
): { readonly get: (row: number) => T | undefined; readonly bytes: (row: number) => number } {
  return {
    get: (row) => {
      const range = ranges(row);
      return range && slice(...range);
    },
    bytes: (row) => {
      const [from, to] = ranges(row) ?? [0, 0];
      return (to - from) * itemBytes;
    },
  };
}

const decoder = new TextDecoder();

/** A text of 12 bytes or less is in its 16 bytes of the vector, after its length; a longer one elsewhere. */
function readTexts(vector: Vector, count: number): Column<'text'> {
  const data = duckdb.vector_get_data(vector, count * 16);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const nulls = nullMask(vector, count);
  const bytes = (row: number) => (nulls?.[row] ? 0 : view.getUint32(row * 16, true));
  return {
    bytes,
    get: (row) => {
      if (nulls?.[row]) return undefined;
      const [at, length] = [row * 16, bytes(row)];
      return decoder.decode(
        length <= 12
          ? data.subarray(at + 4, at + 4 + length)
          : duckdb.get_data_from_pointer(
              data.buffer as ArrayBuffer,
              data.byteOffset + at + 8,
              length,
            ),
      );
    },
  };
}
