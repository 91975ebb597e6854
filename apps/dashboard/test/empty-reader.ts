import type { Answer, RowReader } from '@highwater/model';

/** An answer of these items. */
export function answerOf<Item>(items: readonly Item[], isTruncated = false): Answer<Item> {
  return { items, isTruncated, elapsedMs: 1 };
}

/** A store without rows, with some of its answers replaced. */
export function emptyReader(changes: Partial<RowReader> = {}): RowReader {
  return {
    engine: 'Timestream',
    dimensions: async () => [],
    measures: async () => answerOf<never>([]),
    dimensionValues: async () => answerOf<never>([]),
    points: async () => answerOf<never>([]),
    bins: async () => answerOf<never>([]),
    windows: async () => answerOf<never>([]),
    corrections: async () => undefined,
    async *rows() {},
    summarize: async () => ({ rowsCount: 0, oldestMs: undefined, newestMs: undefined }),
    query: async () => ({ columns: [], rows: [], isTruncated: false, elapsedMs: 1 }),
    examples: () => [{ title: 'One', statement: 'SELECT 1' }],
    [Symbol.asyncDispose]: async () => {},
    ...changes,
  };
}
