/** Where a query's rows come from, some at a time. */
export interface RowSource {
  /** The next rows, each as the JSON of its data; none at the end. */
  next(): Promise<readonly string[]>;
  /** Ends a `next` under way with an error. */
  interrupt(): void;
  close(): void;
}

/** Rows that are there already, as of SHOW. */
export function fixedRows(rows: readonly string[]): RowSource {
  let left = rows;
  return {
    next: () => {
      const all = left;
      left = [];
      return Promise.resolve(all);
    },
    interrupt: () => undefined,
    close: () => undefined,
  };
}
