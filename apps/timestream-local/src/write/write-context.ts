import type { Store } from '../store/store.ts';

/** What a request's records became, for metrics. */
export interface RecordCounts {
  readonly stored: number;
  readonly repeated: number;
  readonly rejected: number;
}

/** What the operations of the Write API work with. */
export interface WriteContext {
  readonly store: Store;
  readonly region: string;
  /** By the retention clock. */
  readonly nowMs: () => number;
  readonly isStrict: boolean;
  readonly onRecords: (counts: RecordCounts) => void;
}
