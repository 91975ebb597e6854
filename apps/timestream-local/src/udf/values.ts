import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  INTEGER,
  LIST,
  STRUCT,
  VARCHAR,
  type DuckDBType,
} from '@duckdb/node-api';
import type { Points, WantedTimes } from '../series/points.ts';

/** Doubles of a list; in the mask, 1 means NULL. */
export interface Doubles {
  readonly values: Float64Array;
  readonly nulls?: Uint8Array | undefined;
}

/** How functions see each kind of value. Lists are typed arrays, so no item is an object. */
export interface Values {
  readonly boolean: boolean;
  readonly integer: number;
  readonly bigint: bigint;
  readonly double: number;
  readonly text: string;
  /** A text that is seldom needed, because each read is a call into DuckDB. */
  readonly laterText: () => string;
  readonly times: WantedTimes;
  readonly doubles: Doubles;
  readonly points: Points;
}

export type Kind = keyof Values;

/** No function of ours takes a boolean. */
export type ArgumentKind = Exclude<Kind, 'boolean'>;

/** No function of ours returns one of the others. */
export type ResultKind = Exclude<Kind, 'times' | 'laterText'>;

/** How DuckDB holds each kind. */
export const duckTypes: Readonly<Record<Kind, DuckDBType>> = {
  boolean: BOOLEAN,
  integer: INTEGER,
  bigint: BIGINT,
  double: DOUBLE,
  text: VARCHAR,
  laterText: VARCHAR,
  times: LIST(BIGINT),
  doubles: LIST(DOUBLE),
  points: LIST(STRUCT({ f0: BIGINT, f1: DOUBLE })),
};
