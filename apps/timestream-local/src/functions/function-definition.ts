import type { SqlType } from '../types/sql-type.ts';
import type { Typed } from '../types/typed.ts';
import { parseSignature, type Signature } from './type-pattern.ts';

/** How closely a function matches the service's. */
export type Fidelity =
  | 'same'
  /** The note says how it differs. */
  | 'approximated';

/** What a function's SQL may depend on in addition to its arguments. */
export interface CallFacts {
  /** Of the arguments, as the function takes them. */
  readonly types: readonly SqlType[];
  readonly returns: SqlType;
  /** The arguments that are texts in quotes, by position. */
  readonly texts: readonly (string | undefined)[];
  /** The arguments with what is known of their sizes. */
  readonly values: readonly Typed[];
  /** The arguments that name no column: the same in every row, so that DuckDB keeps them once. */
  readonly areConstant: readonly boolean[];
  /** Whether the call is computed for each item of a list. */
  readonly isInLambda: boolean;
  /** Nanoseconds: the same for a whole statement. */
  readonly nowNs: bigint;
  /** Whether the call has an ORDER BY among its arguments. */
  readonly isOrdered: boolean;
  /**
   * Calls an aggregate of DuckDB with the call's other clauses: DISTINCT, FILTER, OVER, …
   *
   * @param isDistinct that it counts no value twice, whether the call says so or not
   */
  readonly aggregate: (name: string, args: readonly string[], isDistinct?: boolean) => string;
}

/** Arguments are DuckDB SQL; a lambda is one too. */
export type Render = (args: readonly string[], facts: CallFacts) => string;

export interface Overload {
  readonly signature: Signature;
  readonly render: Render;
}

export interface FunctionDefinition {
  /** In lower case. */
  readonly name: string;
  readonly kind: 'scalar' | 'aggregate' | 'window';
  readonly overloads: readonly Overload[];
  readonly fidelity: Fidelity;
  readonly note?: string | undefined;
}

/** Options after the overloads. */
export interface DefinitionNote {
  readonly note: string;
}

type Pair = readonly [signature: string, render: Render];

const define =
  (kind: FunctionDefinition['kind']) =>
  (pairs: readonly Pair[], options?: DefinitionNote): FunctionDefinition => {
    const overloads = pairs.map(([text, render]) => ({ signature: parseSignature(text), render }));
    const name = overloads[0]?.signature.name ?? '';
    const fidelity = options ? 'approximated' : 'same';
    return { name, kind, overloads, fidelity, note: options?.note };
  };

/** A function of one row. With a note it is an approximation. */
export const scalar = define('scalar');

/** A function of many rows, that may also be used over a window. */
export const aggregate = define('aggregate');

/** A function that makes sense over a window only. */
export const windowed = define('window');

/** Calls DuckDB's function of a name with the same arguments. */
export const calls =
  (name: string): Render =>
  (args) =>
    `${name}(${args.join(', ')})`;

/** The same for an aggregate or a function over a window. */
export const aggregates =
  (name: string): Render =>
  (args, facts) =>
    facts.aggregate(name, args);
