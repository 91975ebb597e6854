import type { PythonRandom } from './python-random.ts';

/** How many records later a duplicate follows: enough to be in another batch. */
const delayRecords = 700;

/**
 * Repeats a share of the records, each some distance after its original, like a producer that did
 * not receive the reply to a batch.
 *
 * @param percent 0 to 100
 */
export function* withDuplicates<T>(
  records: Iterable<T>,
  percent: number,
  random: PythonRandom,
  onDuplicate: () => void,
): Generator<T, void, undefined> {
  const held: { readonly record: T; readonly dueCount: number }[] = [];
  let count = 0;
  for (const record of records) {
    yield record;
    count++;
    if (percent > 0 && random.uniform() * 100 < percent) {
      held.push({ record, dueCount: count + delayRecords });
    }
    while (held[0] && held[0].dueCount <= count) yield* release();
  }
  while (held.length > 0) yield* release();

  function* release(): Generator<T, void, undefined> {
    const next = held.shift();
    if (!next) return;
    onDuplicate();
    yield next.record;
  }
}
