/**
 * A list as PostgreSQL reads an array, of numbers, times and booleans: none of them needs quotes.
 *
 * @returns null when no element has a value: the server takes that for any number of nulls
 */
export function plainArray(values: readonly (string | number | undefined)[]): string | null {
  let hasValue = false;
  let text = '{';
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    if (value !== undefined) hasValue = true;
    text += index === 0 ? (value ?? 'NULL') : `,${value ?? 'NULL'}`;
  }
  return hasValue ? `${text}}` : null;
}

/** A list of texts as PostgreSQL reads an array; null as {@link plainArray}. */
export function textArray(values: readonly (string | undefined)[]): string | null {
  return plainArray(
    values.map((value) =>
      value === undefined ? undefined : `"${value.replaceAll(/["\\]/g, (found) => `\\${found}`)}"`,
    ),
  );
}
