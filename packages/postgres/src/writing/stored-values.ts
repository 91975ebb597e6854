import type { Attribute, Row } from '@highwater/model';
import { storableText } from '../sql-text.ts';

type ValueOf = (row: Row) => string | undefined;

/** A row's value as the server reads it without loss, in the column of its type. The others are null. */
export const storedValues: Readonly<Record<'double' | 'bigint' | 'bool' | 'text', ValueOf>> = {
  double: ({ measureValueType, measureValue }) =>
    measureValueType === 'DOUBLE' ? doubleText(measureValue) : undefined,
  bigint: ({ measureValueType, measureValue }) =>
    measureValueType === 'BIGINT' ? measureValue : undefined,
  bool: ({ measureValueType, measureValue }) =>
    measureValueType === 'BOOLEAN' ? measureValue : undefined,
  text: ({ measureValueType, measureValue }) =>
    measureValueType === 'VARCHAR' ? storableText(measureValue) : undefined,
};

/** A longer one may be too small for a double, as may one with an exponent. */
const plainDoubleMax = 40;

/** What is too small for a double is zero, which the server would refuse. */
function doubleText(text: string): string {
  if (text.length <= plainDoubleMax && !text.includes('e') && !text.includes('E')) return text;
  return String(Number(text));
}

/** A text as it is, and what is not one with its type. */
export function attributesJson(attributes: readonly Attribute[] | undefined): string | undefined {
  if (attributes === undefined || attributes.length === 0) return undefined;
  return JSON.stringify(
    Object.fromEntries(
      attributes.map(({ name, type, value }) => [
        storableText(name),
        type === 'VARCHAR' ? storableText(value) : { [type]: value },
      ]),
    ),
  );
}
