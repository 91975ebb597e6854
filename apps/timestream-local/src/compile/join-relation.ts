import type { Join, Name } from '../sql/ast/nodes.ts';
import { SqlError } from '../sql/sql-error.ts';
import { commonType } from '../types/coercion.ts';
import { typeText } from '../types/sql-type.ts';
import { coerce, type Typed } from '../types/typed.ts';
import { joinCondition, type JoinContext, type Sides } from './join-condition.ts';
import type { RelationPlan } from './relation-plan.ts';
import { Scope, type ScopeColumn } from './scope.ts';

/** Joins two relations whose columns are known. */
export function joinRelation(join: Join, sides: Sides, context: JoinContext): RelationPlan {
  const [left, right] = sides;
  if (join.using) return joinUsing(join, join.using, sides);
  const columns = [...left.columns, ...right.columns];
  if (!join.on) return { columns, sql: () => `${left.sql()} CROSS JOIN ${right.sql()}` };
  const { on, sides: joined } = joinCondition({ ...join, on: join.on }, sides, context);
  return { columns, sql: () => joinSql(join, joined, on) };
}

function joinSql({ type, right }: Join, [a, b]: Sides, on: string): string {
  // Otherwise `a JOIN (b JOIN c …) …` would be read from left to right.
  const second = right.kind === 'join' ? `(${b.sql()})` : b.sql();
  return `${a.sql()} ${type} JOIN ${second} ON ${on}`;
}

/** The columns that both sides share come first, and once. */
function joinUsing(join: Join, names: readonly Name[], sides: Sides): RelationPlan {
  const [left, right] = sides;
  const pairs = names.map((name) => {
    const [a, b] = [find(left, name, 'left'), find(right, name, 'right')];
    const type = commonType(a.type, b.type);
    if (type) return { name, a, b, type };
    const both = `${typeText(a.type)} and ${typeText(b.type)}`;
    throw new SqlError(name.at, `Column types of join key '${name.text}' do not match: ${both}`);
  });
  const typed = (column: ScopeColumn): Typed => ({ sql: column.reference(), type: column.type });
  const shared = new Set(pairs.flatMap(({ a, b }) => [a, b]));
  const keys = pairs.map(({ name, a, b, type }) => ({
    name: a.name ?? name.text,
    type,
    reference: () => `coalesce(${coerce(typed(a), type).sql}, ${coerce(typed(b), type).sql})`,
  }));
  const on = pairs.map(
    ({ a, b, type }) => `${coerce(typed(a), type).sql} = ${coerce(typed(b), type).sql}`,
  );
  return {
    columns: [
      ...keys,
      ...[...left.columns, ...right.columns].filter((column) => !shared.has(column)),
    ],
    sql: () => joinSql(join, sides, on.join(' AND ')),
  };
}

function find(plan: RelationPlan, name: Name, side: 'left' | 'right'): ScopeColumn {
  const found = new Scope(plan.columns, undefined).column(name);
  if (found) return found.column;
  throw new SqlError(name.at, `Column '${name.text}' is missing from ${side} side of join`);
}
