import { DuckDBScalarFunction, type DuckDBType, type DuckDBValue } from '@duckdb/node-api';
import { markOwnWords } from './own-words.ts';

/** A function that DuckDB calls back into: exact where its own differ from the service's. */
export interface Udf {
  readonly name: string;
  readonly parameters: readonly DuckDBType[];
  readonly returns: DuckDBType;
  /** Called for rows without a NULL among the arguments only; what it throws fails the query. */
  readonly call: (...args: readonly never[]) => DuckDBValue;
}

/** Wraps a function of single values into one that works on a whole vector. */
export function duckFunction({ name, parameters, returns, call }: Udf): DuckDBScalarFunction {
  const apply = call as (...args: readonly DuckDBValue[]) => DuckDBValue;
  return DuckDBScalarFunction.create({
    name,
    parameterTypes: parameters,
    returnType: returns,
    mainFunction: (_info, chunk, output) => {
      const columns = parameters.map((_, at) => chunk.getColumnVector(at));
      for (let row = 0; row < chunk.rowCount; row += 1) {
        const args = columns.map((column) => column.getItem(row));
        output.setItem(row, args.includes(null) ? null : inOwnWords(() => apply(...args)));
      }
      output.flush();
    },
  });
}

function inOwnWords(call: () => DuckDBValue): DuckDBValue {
  try {
    return call();
  } catch (error) {
    throw error instanceof Error ? new Error(markOwnWords(error.message), { cause: error }) : error;
  }
}
