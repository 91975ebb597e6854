import type { BodyFormat } from '@highwater/aws-json';

/** A body's encoding: how values that JSON has no form for are written and read. */
export interface WireFormat extends BodyFormat {
  /** The bytes of a blob, or undefined when the value is none. */
  readBlob(value: unknown): Uint8Array | undefined;
  /** A timestamp in ms, or undefined when the value is none. */
  readTimeMs(value: unknown): number | undefined;
  blob(bytes: Buffer): unknown;
  time(timeMs: number): unknown;
}
