import { RowBinary } from './row-binary.ts';
import type { PlacedRow, Series } from './series-book.ts';

const rowBytesTypical = 120;
const seriesBytesTypical = 300;

/** Rows in the order of `TableLayout.columns`. */
export function encodeRows(rows: readonly PlacedRow[], hasWindows: boolean): Buffer {
  const out = new RowBinary(rows.length * rowBytesTypical);
  for (const row of rows) encodeRow(out, row, hasWindows);
  return out.finish();
}

function encodeRow(out: RowBinary, { prepared, series, window }: PlacedRow, hasWindows: boolean) {
  const { row, timeNanoseconds } = prepared;
  out.string(series.measureName);
  out.raw(series.id);
  out.int64(BigInt(timeNanoseconds));
  if (hasWindows) {
    out.uint64(window?.startMs ?? 0);
    out.uint64(window?.endMs ?? 0);
  }
  const { measureValueType: type, measureValue: value } = row;
  const isNumber = type === 'DOUBLE' || type === 'BIGINT';
  out.isNull(!isNumber);
  if (isNumber) out.float64(Number(value));
  out.isNull(type !== 'BIGINT');
  if (type === 'BIGINT') out.int64(BigInt(value));
  out.isNull(type !== 'VARCHAR');
  if (type === 'VARCHAR') out.string(value);
  out.isNull(type !== 'BOOLEAN');
  if (type === 'BOOLEAN') out.byte(value === 'true' ? 1 : 0);
  const { attributes = [] } = row;
  out.count(attributes.length);
  for (const attribute of attributes) {
    out.string(attribute.name);
    out.string(attribute.value);
  }
  out.uint64(row.version);
}

/** Series in the order of `seriesColumns`. */
export function encodeSeries(series: readonly Series[], registeredAtMs: number): Buffer {
  const out = new RowBinary(series.length * seriesBytesTypical);
  for (const { measureName, id, valueType, dimensions } of series) {
    out.string(measureName);
    out.raw(id);
    out.string(valueType);
    out.count(dimensions.length);
    for (const { name, value } of dimensions) {
      out.string(name);
      out.string(value);
    }
    out.uint32(Math.floor(registeredAtMs / 1000));
  }
  return out.finish();
}
