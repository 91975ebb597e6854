import { DuckDBScalarFunction } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { markOwnWords } from './own-words.ts';
import { WatchedQuery, type CallSite, type QueryWatch } from './query-watch.ts';
import { readColumn } from './read-column.ts';
import { duckTypes, type ArgumentKind, type ResultKind, type Values } from './values.ts';
import { Work } from './work.ts';
import { writeColumn } from './write-column.ts';

/** A function that DuckDB calls back, used where its own functions differ from the service's. */
export interface Udf {
  readonly name: string;
  /** Makes it known to DuckDB's side; disposed by `destroySync`. */
  readonly create: (watch: QueryWatch) => DuckDBScalarFunction;
}

type ArgumentsOf<P extends readonly ArgumentKind[]> = { [I in keyof P]: Values[P[I]] };

type Call<P extends readonly ArgumentKind[], R extends ResultKind> = (
  ...args: [...ArgumentsOf<P>, work: Work]
) => Values[R] | undefined;

interface Signature<P extends readonly ArgumentKind[], R extends ResultKind> {
  readonly name: string;
  readonly parameters: P;
  readonly returns: R;
  /** Computed for every row, even where all arguments are constants. @default false */
  readonly isVolatile?: boolean | undefined;
}

/**
 * Defines a function of single rows.
 *
 * @param call for rows without a NULL among the arguments only; its errors fail the query. The
 * sizes of its arguments count as work; longer work must be counted by the function itself
 */
export function udf<const P extends readonly ArgumentKind[], R extends ResultKind>(
  name: string,
  parameters: P,
  returns: R,
  call: Call<P, R>,
): Udf {
  return udfOfBatches({ name, parameters, returns }, () => call);
}

/**
 * The same for a function that keeps state between rows of a batch.
 *
 * @param start called for each batch, returns the function of its rows
 */
export function udfOfBatches<const P extends readonly ArgumentKind[], R extends ResultKind>(
  signature: Signature<P, R>,
  start: (query: WatchedQuery) => Call<P, R>,
): Udf {
  const { name, parameters, returns, isVolatile = false } = signature;
  const create = (watch: QueryWatch): DuckDBScalarFunction => {
    const created = new DuckDBScalarFunction();
    const own = created.scalar_function;
    created.setName(name);
    for (const kind of parameters) created.addParameter(duckTypes[kind]);
    created.setReturnType(duckTypes[returns]);
    if (isVolatile) created.setVolatile();
    duckdb.scalar_function_set_bind(own, (info) => {
      const context = duckdb.scalar_function_get_client_context(info);
      const site: CallSite = {
        connectionId: duckdb.client_context_get_connection_id(context),
        residentBytes: process.memoryUsage.rss(),
      };
      duckdb.scalar_function_set_bind_data(info, site);
    });
    // The binding's own vectors create an object for every item. These are read and written as a
    // whole.
    duckdb.scalar_function_set_function(own, (info, input, output) =>
      inOwnWords(() => {
        const site = duckdb.scalar_function_get_bind_data(info) as CallSite | undefined;
        const query = new WatchedQuery(watch, site);
        query.assertMayRun();
        const apply = start(query) as (...args: readonly unknown[]) => Values[R] | undefined;
        const work = new Work(name.replace('hw_', ''), () => query.assertMayRun());
        const count = duckdb.data_chunk_get_size(input);
        const columns = parameters.map((kind, at) =>
          readColumn[kind](duckdb.data_chunk_get_vector(input, at), count),
        );
        const writer = writeColumn[returns](output, count);
        for (let row = 0; row < count; row += 1) {
          for (const { bytes } of columns) work.spend(bytes(row));
          const args = columns.map(({ get }) => get(row));
          writer.set(row, args.includes(undefined) ? undefined : apply(...args, work));
        }
        writer.flush();
      }),
    );
    return created;
  };
  return { name, create };
}

function inOwnWords(call: () => void): void {
  try {
    call();
  } catch (error) {
    throw error instanceof Error ? new Error(markOwnWords(error.message), { cause: error }) : error;
  }
}
