import {
  DuckDBDateValue,
  DuckDBListValue,
  DuckDBStructValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import { doubleText } from '../text/double-text.ts';
import { durationText, monthsText } from '../text/interval-text.ts';
import { timeOfDayText, timestampText } from '../text/timestamp-text.ts';
import type { SqlType } from '../types/sql-type.ts';

/** A value as the API gives it: exactly one of these. */
export type Datum =
  | { readonly ScalarValue: string }
  | { readonly NullValue: true }
  | { readonly ArrayValue: readonly Datum[] }
  | { readonly RowValue: { readonly Data: readonly Datum[] } }
  | { readonly TimeSeriesValue: readonly { readonly Time: string; readonly Value: Datum }[] };

export type Encoder = (value: DuckDBValue) => Datum;

const nullDatum: Datum = { NullValue: true };

/** How values of a type are encoded: always as texts, points in time with nine digits. */
export function encoderFor(type: SqlType): Encoder {
  const encode = presentEncoder(type);
  return (value) => (value === null ? nullDatum : encode(value));
}

function presentEncoder(type: SqlType): Encoder {
  if (type.kind === 'array') {
    const element = encoderFor(type.element);
    return (value) => ({ ArrayValue: itemsOf(value).map(element) });
  }
  if (type.kind === 'timeseries') {
    const encode = encoderFor(type.element);
    return (value) => ({
      TimeSeriesValue: itemsOf(value).map((point) => {
        const [time, measured] = fieldsOf(point);
        return { Time: timestampText(time as bigint), Value: encode(measured ?? null) };
      }),
    });
  }
  if (type.kind === 'row') {
    const fields = type.fields.map((field) => encoderFor(field.type));
    return (value) => {
      const values = fieldsOf(value);
      return { RowValue: { Data: fields.map((encode, at) => encode(values[at] ?? null)) } };
    };
  }
  const text = scalarTexts[type.kind] ?? String;
  return (value) => ({ ScalarValue: text(value) });
}

/** The texts that are not just the value's own. */
const scalarTexts: Readonly<Partial<Record<SqlType['kind'], (value: DuckDBValue) => string>>> = {
  timestamp: (value) => timestampText(value as bigint),
  time: (value) => timeOfDayText(value as bigint),
  'interval day to second': (value) => durationText(value as bigint),
  'interval year to month': (value) => monthsText(value as number),
  double: (value) => doubleText(value as number),
  date: dateText,
};

function dateText(value: DuckDBValue): string {
  return value instanceof DuckDBDateValue ? value.toString() : String(value);
}

function itemsOf(value: DuckDBValue): readonly DuckDBValue[] {
  return value instanceof DuckDBListValue ? value.items : [];
}

/** Fields are `f0`, `f1`, … in their order. */
function fieldsOf(value: DuckDBValue): readonly DuckDBValue[] {
  return value instanceof DuckDBStructValue ? Object.values(value.entries) : [];
}
