import type { Store } from '../store/store.ts';

/** The outcomes of a request's records, for metrics. */
export interface RecordCounts {
  readonly stored: number;
  readonly repeated: number;
  readonly rejected: number;
}

/** Dependencies of the operations of the Write API. */
export interface WriteContext {
  readonly store: Store;
  readonly region: string;
  /** By the retention clock. */
  readonly nowMs: () => number;
  readonly isStrict: boolean;
  readonly onRecords: (counts: RecordCounts) => void;
}
