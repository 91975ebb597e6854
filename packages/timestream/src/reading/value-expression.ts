import type { TableColumns } from './table-columns.ts';

/** The number in a row, whatever its type; undefined in a table without numbers. */
export function valueExpression({
  valueTypes,
  hasAttributes,
}: Pick<TableColumns, 'valueTypes' | 'hasAttributes'>): string | undefined {
  const numbers = [
    ...(valueTypes.has('double') ? ['measure_value::double'] : []),
    ...(valueTypes.has('bigint') ? ['CAST(measure_value::bigint AS DOUBLE)'] : []),
    ...(hasAttributes ? ['"value"'] : []),
  ];
  if (numbers.length === 0) return undefined;
  return numbers.length === 1 ? numbers[0] : `COALESCE(${numbers.join(', ')})`;
}
