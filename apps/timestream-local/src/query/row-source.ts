/** The source of a query's rows, some at a time. */
export interface RowSource {
  /** The next rows, each as the JSON of its data; none at the end. */
  next(): Promise<readonly string[]>;
  /** Ends the current `next` with an error. */
  interrupt(): void;
  close(): void;
}

/** Rows that already exist, such as those of SHOW. */
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
