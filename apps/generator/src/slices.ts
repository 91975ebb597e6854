/** Cuts a sequence into arrays of `sizeMax`, the last one shorter. Reads no further than it gives. */
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
