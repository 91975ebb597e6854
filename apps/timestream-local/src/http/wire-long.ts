const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => object };

/** An integer for `JSON.stringify`, in full also beyond 2^53. */
export function wireLong(value: bigint): number | object {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : rawJSON(String(value));
}
