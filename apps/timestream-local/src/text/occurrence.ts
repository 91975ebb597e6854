/**
 * Where the nth occurrence of a text starts, counted in characters from 1; 0 when there is none.
 * Occurrences may overlap.
 *
 * @param instance counts from the end when negative
 * @param spend called with the amount of searched text
 */
export function occurrence(
  text: string,
  search: string,
  instance: bigint,
  spend: (units: number) => void,
): bigint {
  if (instance === 0n) throw new Error("'instance' must be a positive or negative number.");
  if (search === '') return 1n;
  const isForward = instance > 0n;
  let at = isForward ? -1 : text.length + 1;
  for (let found = 0n; found < (isForward ? instance : -instance); found += 1n) {
    if (!isForward && at === 0) return 0n;
    const next = isForward ? text.indexOf(search, at + 1) : text.lastIndexOf(search, at - 1);
    if (next === -1) return 0n;
    // Each match is compared in full, and overlapping ones over and over.
    spend((Math.abs(next - at) + search.length) * 4);
    at = next;
  }
  return BigInt(characters(text.slice(0, at)) + 1);
}

function characters(text: string): number {
  return text.length - (text.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0);
}
