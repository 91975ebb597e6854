/**
 * Items as PostgreSQL reads an array of numbers, times or booleans: none of them needs quotes.
 *
 * @returns null when no item has a value: the server takes that for any number of nulls
 */
export function plainArray<Item>(
  items: readonly Item[],
  valueOf: (item: Item, index: number) => string | number | undefined,
): string | null {
  let hasValue = false;
  let text = '{';
  for (let index = 0; index < items.length; index++) {
    const value = valueOf(items[index] as Item, index);
    if (value !== undefined) hasValue = true;
    text += index === 0 ? (value ?? 'NULL') : `,${value ?? 'NULL'}`;
  }
  return hasValue ? `${text}}` : null;
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
