import type { Datum, Type } from '@aws-sdk/client-timestream-query';

/** A value as text: scalars unchanged, everything else as JSON; missing values are null. */
export function dataText(datum: Datum): string | null {
  if (datum.ScalarValue !== undefined) return datum.ScalarValue;
  const value = plainValue(datum);
  return value === null ? null : JSON.stringify(value);
}

function plainValue(datum: Datum): unknown {
  if (datum.ScalarValue !== undefined) return datum.ScalarValue;
  if (datum.ArrayValue) return datum.ArrayValue.map(plainValue);
  if (datum.RowValue) return (datum.RowValue.Data ?? []).map(plainValue);
  if (datum.TimeSeriesValue) {
    return datum.TimeSeriesValue.map(({ Time, Value }) => [Time, Value ? plainValue(Value) : null]);
  }
  return null;
}

/** A column's type in the syntax of the store's SQL. */
export function typeText(type: Type | undefined): string {
  if (type?.ScalarType !== undefined) return type.ScalarType;
  if (type?.ArrayColumnInfo) return `ARRAY(${typeText(type.ArrayColumnInfo.Type)})`;
  if (type?.TimeSeriesMeasureValueColumnInfo) {
    return `TIMESERIES(${typeText(type.TimeSeriesMeasureValueColumnInfo.Type)})`;
  }
  if (type?.RowColumnInfo) {
    return `ROW(${type.RowColumnInfo.map(({ Type: inner }) => typeText(inner)).join(', ')})`;
  }
  return 'UNKNOWN';
}
