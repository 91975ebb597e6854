import { compileStatement } from '../compile/compile-statement.ts';
import { ApiError } from '../http/api-error.ts';
import { checkShape } from '../http/check-shape.ts';
import type { JsonObject } from '../http/operation.ts';
import { parseStatement } from '../sql/parse/parse-statement.ts';
import { SqlError } from '../sql/sql-error.ts';
import { tokenize } from '../sql/tokenize.ts';
import { types } from '../types/sql-type.ts';
import { untypedNull } from '../types/typed.ts';
import { columnInfo } from './column-info.ts';
import type { QueryContext } from './query-context.ts';
import { queryError } from './query-errors.ts';
import { queryShapes } from './shapes.ts';

interface Input {
  readonly QueryString: string;
  readonly ValidateOnly?: boolean | null | undefined;
}

/**
 * Answers PrepareQuery: the result's columns and the named parameters, whose types stay open.
 *
 * Nothing is stored for later use, because the operation requires `ValidateOnly`, as documented.
 */
export function prepareQuery(context: QueryContext) {
  return (input: JsonObject): object => {
    checkShape(queryShapes.prepare, input);
    const { QueryString, ValidateOnly } = input as unknown as Input;
    if (ValidateOnly !== true) {
      throw new ApiError(
        'ValidationException',
        'PrepareQuery stores no query: set ValidateOnly to true.',
      );
    }
    try {
      return prepare(context, QueryString);
    } catch (error) {
      throw queryError(error);
    }
  };
}

function prepare({ store, nowMs }: QueryContext, text: string): object {
  const statement = parseStatement(text);
  if (statement.kind !== 'query') {
    throw new SqlError(statement.at, 'Only SELECT statements can be prepared');
  }
  const { columns } = compileStatement(statement, {
    catalog: store.catalog,
    nowNs: BigInt(Math.floor(nowMs())) * 1_000_000n,
    parameter: () => untypedNull,
  });
  return {
    QueryString: text,
    Columns: columns.map(({ name, type, origin }, at) => ({
      ...columnInfo(type, name ?? `_col${at}`),
      DatabaseName: origin?.database,
      TableName: origin?.table,
      Aliased: origin?.isAliased ?? false,
    })),
    Parameters: parametersOf(text).map((Name) => ({ Name, ...columnInfo(types.unknown) })),
  };
}

/** Each once, in the order of the text. */
function parametersOf(text: string): readonly string[] {
  const all = tokenize(text).filter(({ kind }) => kind === 'parameter');
  return [...new Set(all.map((token) => token.text))];
}
