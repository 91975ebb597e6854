import type { MeasureKind, ValueType } from './catalog-types.ts';

/** One value of a record, for its column. */
export interface IncomingValue {
  /** `measure_value::double` or the attribute's name. */
  readonly column: string;
  readonly type: ValueType;
  /** A bigint for BIGINT, and for TIMESTAMP in nanoseconds. */
  readonly value: number | bigint | string | boolean;
}

/** Sorted by name; unique names. */
export type IncomingDimensions = readonly (readonly [name: string, value: string])[];

/** A validated record with the common attributes merged in. */
export interface IncomingRecord {
  /** Position in the request, from 0. */
  readonly index: number;
  readonly dimensions: IncomingDimensions;
  readonly measureName: string;
  readonly kind: MeasureKind;
  readonly timeNs: bigint;
  readonly version: bigint;
  readonly values: readonly IncomingValue[];
  /** Equal for equal values: the value itself for a number, otherwise 64 bits of a digest. */
  readonly fingerprint: bigint;
  /** Which store takes a record of that age; the magnetic one reports no version conflicts. */
  readonly target: 'memory' | 'magnetic';
}
