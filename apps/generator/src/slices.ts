/**
 * Divides a sequence into arrays of `sizeMax`; the last one may be shorter. Reads no further than
 * it returns.
 */
export function* slices<T>(items: Iterable<T>, sizeMax: number): Generator<T[], void, undefined> {
  let slice: T[] = [];
  for (const item of items) {
    slice.push(item);
    if (slice.length < sizeMax) continue;
    yield slice;
    slice = [];
  }
  if (slice.length > 0) yield slice;
}
