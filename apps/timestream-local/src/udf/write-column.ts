import duckdb, { type Vector } from '@duckdb/node-bindings';
import { Growing } from './growing.ts';
import type { ResultKind, Values } from './values.ts';

/** The results of a batch of rows, given in their order. */
export interface Writer<K extends ResultKind> {
  set(row: number, value: Values[K] | undefined): void;
  /** Passes all results to DuckDB together. */
  flush(): void;
}

type Write<K extends ResultKind> = (vector: Vector, count: number) => Writer<K>;

/** Writes DuckDB's vector of results: typed arrays of ours, copied in one call for each vector. */
export const writeColumn: { readonly [K in ResultKind]: Write<K> } = {
  boolean: (vector, count) => {
    const values = new Uint8Array(count);
    return ofWidth(vector, values, (row, value) => (values[row] = value ? 1 : 0));
  },
  integer: (vector, count) => {
    const values = new Int32Array(count);
    return ofWidth(vector, values, (row, value) => (values[row] = value));
  },
  bigint: (vector, count) => {
    const values = new BigInt64Array(count);
    return ofWidth(vector, values, (row, value) => (values[row] = value));
  },
  double: (vector, count) => {
    const values = new Float64Array(count);
    return ofWidth(vector, values, (row, value) => (values[row] = value));
  },
  text: (vector, count) => {
    const nulls = new Uint8Array(count);
    return {
      set: (row, value) => {
        if (value === undefined) nulls[row] = 1;
        else duckdb.vector_assign_string_element(vector, row, value);
      },
      flush: () => writeNulls(vector, nulls),
    };
  },
  doubles: (vector, count) => {
    const values = new Growing<Float64Array>((length) => new Float64Array(length));
    const nulls = new Growing<Uint8Array>((length) => new Uint8Array(length));
    return ofLists(
      vector,
      count,
      (value) => {
        values.append(value.values);
        nulls.append(value.nulls ?? new Uint8Array(value.values.length));
        return value.values.length;
      },
      (child) => {
        writeData(child, values.all());
        writeNulls(child, nulls.all());
      },
    );
  },
  points: (vector, count) => {
    const times = new Growing<BigInt64Array>((length) => new BigInt64Array(length));
    const values = new Growing<Float64Array>((length) => new Float64Array(length));
    const timeNulls = new Growing<Uint8Array>((length) => new Uint8Array(length));
    const valueNulls = new Growing<Uint8Array>((length) => new Uint8Array(length));
    return ofLists(
      vector,
      count,
      (points) => {
        const { length } = points.values;
        times.append(points.timesNs);
        values.append(points.values);
        timeNulls.append(points.timeNulls ?? new Uint8Array(length));
        valueNulls.append(points.valueNulls ?? new Uint8Array(length));
        return length;
      },
      (child) => {
        const fields = [0, 1].map((field) => duckdb.struct_vector_get_child(child, field));
        for (const [field, vectorOfField] of fields.entries()) {
          writeData(vectorOfField, field === 0 ? times.all() : values.all());
          writeNulls(vectorOfField, field === 0 ? timeNulls.all() : valueNulls.all());
        }
      },
    );
  },
};

type Numbers = Uint8Array | Uint32Array | Int32Array | BigInt64Array | Float64Array;

function ofWidth<T>(
  vector: Vector,
  values: Numbers,
  put: (row: number, value: T) => void,
): { set(row: number, value: T | undefined): void; flush(): void } {
  const nulls = new Uint8Array(values.length);
  return {
    set: (row, value) => {
      if (value === undefined) nulls[row] = 1;
      else put(row, value);
    },
    flush: () => {
      writeData(vector, values);
      writeNulls(vector, nulls);
    },
  };
}

/**
 * @param append keeps a row's items, and returns how many they are
 * @param writeItems gives the items of all rows to the vector of them
 */
function ofLists<T>(
  vector: Vector,
  count: number,
  append: (value: T) => number,
  writeItems: (child: Vector) => void,
) {
  // Offset and length of each row, 64 bits each; the upper halves stay zero.
  const entries = new Uint32Array(count * 4);
  const nulls = new Uint8Array(count);
  let total = 0;
  return {
    set: (row: number, value: T | undefined) => {
      if (value === undefined) nulls[row] = 1;
      const length = value === undefined ? 0 : append(value);
      entries[row * 4] = total;
      entries[row * 4 + 2] = length;
      total += length;
    },
    flush: () => {
      // Reserves space first, because DuckDB does not check that the written data fits.
      duckdb.list_vector_reserve(vector, total);
      duckdb.list_vector_set_size(vector, total);
      writeItems(duckdb.list_vector_get_child(vector));
      writeData(vector, entries);
      writeNulls(vector, nulls);
    },
  };
}

function writeData(vector: Vector, { buffer, byteOffset, byteLength }: Numbers): void {
  if (byteLength === 0) return;
  duckdb.copy_data_to_vector(vector, 0, buffer as ArrayBuffer, byteOffset, byteLength);
}

/** @param nulls one byte per item, 1 for NULL; DuckDB needs one bit, 1 for a value */
function writeNulls(vector: Vector, nulls: Uint8Array): void {
  if (!nulls.includes(1)) return;
  const valid = new Uint8Array(Math.ceil(nulls.length / 64) * 8).fill(255);
  for (let at = 0; at < nulls.length; at += 1) {
    if (nulls[at]) valid[at >> 3] = (valid[at >> 3] ?? 0) & ~(1 << (at & 7));
  }
  duckdb.vector_ensure_validity_writable(vector);
  duckdb.copy_data_to_vector_validity(vector, 0, valid.buffer, valid.byteOffset, valid.byteLength);
}
