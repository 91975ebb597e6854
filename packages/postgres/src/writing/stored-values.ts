import type { Attribute, Row } from '@highwater/model';
import { storableText } from '../sql-text.ts';

/** A row's value in the column of its type. The others are null. */
export interface StoredValues {
  readonly value?: string;
  readonly bigint?: string;
  readonly bool?: string;
  readonly text?: string;
  readonly attributes?: string;
}

/** The value of a row as the server reads it without loss, and equal for equal values. */
export function storedValues(row: Row): StoredValues {
  const value = typedValue(row);
  return row.attributes === undefined || row.attributes.length === 0
    ? value
    : { ...value, attributes: attributesJson(row.attributes) };
}

function typedValue({ measureValue, measureValueType }: Row): StoredValues {
  switch (measureValueType) {
    case 'DOUBLE':
      return { value: doubleText(measureValue) };
    case 'BIGINT':
      return { bigint: measureValue };
    case 'BOOLEAN':
      return { bool: measureValue };
    case 'VARCHAR':
      return { text: storableText(measureValue) };
  }
}

/** The shortest text of a double. What is too small for one is zero, which the server would refuse. */
function doubleText(text: string): string {
  const number = Number(text);
  return number === 0 ? '0' : String(number);
}

/** A text as it is, and what is not one with its type. */
function attributesJson(attributes: readonly Attribute[]): string {
  return JSON.stringify(
    Object.fromEntries(
      attributes.map(({ name, type, value }) => [
        storableText(name),
        type === 'VARCHAR' ? storableText(value) : { [type]: value },
      ]),
    ),
  );
}
