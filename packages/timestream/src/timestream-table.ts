import type { StoreOptions } from '@highwater/store-kit';

/** A table of Timestream, and how it is made if it does not exist. */
export interface TimestreamTable {
  readonly region: string;
  /** A server to use instead of AWS. An `http:` server needs no credentials. */
  readonly endpoint?: string | undefined;
  readonly database: string;
  readonly table: string;
  readonly memoryHours: number;
  readonly magneticDays: number;
  readonly hasMagneticWrites: boolean;
}

/** The part of the options that every call needs. */
export type CallLimits = Pick<StoreOptions, 'requestsInFlightMax' | 'requestTimeoutMs'>;
