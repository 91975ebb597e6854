import type { Query } from '../sql/ast/nodes.ts';
import { SqlError } from '../sql/sql-error.ts';
import type { Catalog } from '../store/catalog.ts';
import type { Typed } from '../types/typed.ts';
import { checkLength } from './check-length.ts';
import type { CompiledQuery, StatementContext } from './compile-context.ts';
import { compileExpression } from './compile-expression.ts';
import { compileQuery } from './compile-query.ts';

export interface CompileOptions {
  readonly catalog: Catalog;
  readonly nowNs: bigint;
  /** The values of `@name`. If undefined, a parameter is an error. */
  readonly parameter?: ((name: string) => Typed) | undefined;
}

/**
 * Columns, relations and arguments of lambdas in a statement. Stars of stars, and lambdas in lambdas,
 * multiply them, and with them the time that compiling takes.
 */
const namesMax = 50_000;

/**
 * Compiles a query of the dialect to one DuckDB statement.
 *
 * @throws {SqlError} with line and column for whatever has no meaning
 */
export function compileStatement(query: Query, options: CompileOptions): CompiledQuery {
  const { catalog, nowNs } = options;
  let names = 0;
  const context: StatementContext = {
    catalog,
    nowNs,
    unique: (prefix) => {
      names += 1;
      if (names > namesMax) throw new SqlError(query.at, 'the query is too complex');
      return `${prefix}${names}`;
    },
    query: compileQuery,
    expression: compileExpression,
    parameter: ({ name, at }) => {
      if (options.parameter) return options.parameter(name);
      throw new SqlError(at, `Parameter @${name} has no value: queries here take no parameters`);
    },
  };
  const compiled = compileQuery(query, context, { scope: undefined, named: [] });
  checkLength(compiled.sql, query.at);
  return compiled;
}
