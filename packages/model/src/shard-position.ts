import type { SequenceNumber } from './sequence-number.ts';

/** Where reading a shard starts. */
export type ShardPosition =
  | { readonly type: 'TRIM_HORIZON' }
  | { readonly type: 'LATEST' }
  | { readonly type: 'AT_TIMESTAMP'; readonly timestampMs: number }
  | { readonly type: 'AT_SEQUENCE_NUMBER'; readonly sequenceNumber: SequenceNumber }
  | { readonly type: 'AFTER_SEQUENCE_NUMBER'; readonly sequenceNumber: SequenceNumber };
