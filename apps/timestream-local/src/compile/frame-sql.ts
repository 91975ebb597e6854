import type { WindowSpec } from '../sql/ast/nodes.ts';
import { SqlError } from '../sql/sql-error.ts';
import { coercionDistance } from '../types/coercion.ts';
import { typeText, types, type SqlType } from '../types/sql-type.ts';
import type { ExpressionContext } from './compile-context.ts';

type Frame = NonNullable<WindowSpec['frame']>;
type Bound = Frame['start'];

/**
 * The frame of a window.
 *
 * @throws {SqlError} when an offset is not of a type that moves the rows or the sort key
 */
export function frameSql({ frame, orderBy }: WindowSpec, context: ExpressionContext): string {
  if (!frame) return '';
  const { unit, start, end } = frame;
  const bound = (each: Bound) => boundSql(each, { unit, orderBy, context });
  return `${unit} BETWEEN ${bound(start)} AND ${end ? bound(end) : 'CURRENT ROW'}`;
}

interface BoundContext {
  readonly unit: Frame['unit'];
  readonly orderBy: WindowSpec['orderBy'];
  readonly context: ExpressionContext;
}

function boundSql({ kind, offset }: Bound, context: BoundContext): string {
  switch (kind) {
    case 'unboundedPreceding':
      return 'UNBOUNDED PRECEDING';
    case 'preceding':
      return `${offsetSql(offset, context)} PRECEDING`;
    case 'current':
      return 'CURRENT ROW';
    case 'following':
      return `${offsetSql(offset, context)} FOLLOWING`;
    case 'unboundedFollowing':
      return 'UNBOUNDED FOLLOWING';
  }
}

function offsetSql(offset: Bound['offset'], { unit, orderBy, context }: BoundContext): string {
  if (!offset) return '';
  const { sql, type } = context.statement.expression(offset, context);
  if (unit !== 'RANGE') {
    if (coercionDistance(type, types.bigint) !== undefined) return sql;
    const problem = `Window frame ${unit} value must be an integer (actual: ${typeText(type)})`;
    throw new SqlError(offset.at, problem);
  }
  const [key] = orderBy;
  if (!key || orderBy.length > 1) {
    throw new SqlError(
      offset.at,
      'Window frame of type RANGE PRECEDING or FOLLOWING requires single sort item in ORDER BY',
    );
  }
  const sortType = context.statement.expression(key.expression, context).type;
  if (moves(sortType, type)) return sql;
  const pair = `(${typeText(type)}) not compatible with sort item type (${typeText(sortType)})`;
  throw new SqlError(offset.at, `Window frame RANGE value type ${pair}`);
}

/** Whether an offset can be added to a sort key as DuckDB holds them: as numbers. */
function moves({ kind: key }: SqlType, offset: SqlType): boolean {
  if (offset.kind === types.duration.kind) {
    return key === 'timestamp' || key === 'time' || key === offset.kind;
  }
  if (offset.kind === types.months.kind) return key === offset.kind;
  const isNumber = key === 'integer' || key === 'bigint' || key === 'double';
  return isNumber && coercionDistance(offset, types.double) !== undefined;
}
