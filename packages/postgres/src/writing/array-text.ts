/**
 * Items as PostgreSQL reads an array of numbers, times or booleans: none of them needs quotes.
 *
 * @returns null when no item has a value: the server takes that for any number of nulls
 */
export function plainArray<Item>(
  items: readonly Item[],
  valueOf: (item: Item, index: number) => string | number | undefined,
): string | null {
  let text: string | undefined;
  for (let index = 0; index < items.length; index++) {
    const value = valueOf(items[index] as Item, index);
    // Most columns have no value in any row.
    if (text !== undefined) text += `,${value ?? 'NULL'}`;
    else if (value !== undefined) text = `{${'NULL,'.repeat(index)}${value}`;
  }
  return text === undefined ? null : `${text}}`;
}

/** Items as PostgreSQL reads an array of texts; null as {@link plainArray}. */
export function textArray<Item>(
  items: readonly Item[],
  valueOf: (item: Item) => string | undefined,
): string | null {
  return plainArray(items, (item) => {
    const value = valueOf(item);
    return value === undefined ? undefined : quoted(value);
  });
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, (found) => `\\${found}`)}"`;
}
