import type { Position } from '../sql-error.ts';

/** A type as written in a cast. */
export interface TypeName {
  /** In lower case: `varchar`, `array`, `interval day to second`. */
  readonly name: string;
  /** Of `array(…)`, `timeseries(…)` and `row(…)`; a row's may have names. */
  readonly arguments: readonly { readonly name?: string | undefined; readonly type: TypeName }[];
  /** Of `varchar(10)`. */
  readonly numbers: readonly string[];
  readonly at: Position;
}
