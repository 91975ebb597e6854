import type { ArrayConstructor, Case, RowConstructor, Subscript } from '../sql/ast/nodes.ts';
import { SqlError } from '../sql/sql-error.ts';
import { elementOf } from '../types/cast-sql.ts';
import { typeText, types } from '../types/sql-type.ts';
import type { Typed } from '../types/typed.ts';
import type { ExpressionContext } from './compile-context.ts';
import { failure } from '../types/failure.ts';
import { evaluatedOnce } from './evaluated-once.ts';
import { booleanOperand } from './predicates.ts';
import { rowField } from './names.ts';
import { unify, type Compiled } from './unify.ts';

/** `ARRAY[a, b]`. */
export function compileArray(node: ArrayConstructor, context: ExpressionContext): Typed {
  const items = compileAll(node.items, context);
  const unified = unify(items, 'All ARRAY elements must be the same type');
  const element = unified[0]?.type ?? types.unknown;
  return {
    sql: `[${unified.map(({ sql }) => sql).join(', ')}]`,
    type: types.array(element),
  };
}

/** `ROW(a, b)`: its fields have no names. */
export function compileRow(node: RowConstructor, context: ExpressionContext): Typed {
  const items = compileAll(node.items, context);
  return {
    sql: `struct_pack(${items.map(({ sql }, at) => `f${at} := ${sql}`).join(', ')})`,
    type: types.row(items.map(({ type }) => ({ type }))),
  };
}

/** CASE in both forms. */
export function compileCase(node: Case, context: ExpressionContext): Typed {
  const { operand, whens, otherwise } = node;
  const results = [...whens.map(({ result }) => result), ...(otherwise ? [otherwise] : [])];
  const unified = unify(
    compileAll(results, context),
    'All CASE results must be the same type or coercible to a common type',
  );
  const conditions = operand
    ? caseValues(node, context)
    : whens.map((when) => booleanOperand(when.condition, context, 'CASE WHEN clause'));
  const [subject = '', ...matches] = operand ? conditions : ['', ...conditions];
  const branches = matches.map((match, at) => `WHEN ${match} THEN ${unified[at]?.sql}`);
  const rest = otherwise ? ` ELSE ${unified.at(-1)?.sql}` : '';
  return {
    sql: evaluatedOnce(subject, (sql) => `(CASE ${sql} ${branches.join(' ')}${rest} END)`),
    type: unified[0]?.type ?? types.unknown,
  };
}

/** The operand and what it is compared with. */
function caseValues({ operand, whens }: Case, context: ExpressionContext): readonly string[] {
  const nodes = [...(operand ? [operand] : []), ...whens.map((when) => when.condition)];
  const problem = 'CASE operand type does not match WHEN clause operand type';
  return unify(compileAll(nodes, context), problem).map(({ sql }) => sql);
}

/** `array[1]`, from 1; outside of the array it fails, as in Trino. `row[1]` is a field. */
export function compileSubscript(node: Subscript, context: ExpressionContext): Typed {
  const base = context.statement.expression(node.base, context);
  const index = context.statement.expression(node.index, context);
  const { type } = base;
  if (type.kind === 'row') {
    const position = node.index.kind === 'integer' ? Number(node.index.text) : 0;
    if (position >= 1 && position <= type.fields.length) {
      return rowField({ sql: base.sql, type }, position - 1);
    }
    throw new SqlError(
      node.index.at,
      `A field of ${typeText(type)} is chosen by a constant from 1`,
    );
  }
  const element = elementOf(type);
  if (!element || (index.type.kind !== 'integer' && index.type.kind !== 'bigint')) {
    const message = `Cannot use ${typeText(index.type)} for subscript of ${typeText(type)}`;
    throw new SqlError(node.at, message);
  }
  const [list, at] = [base.sql, index.sql];
  const outside = failure(
    'Array subscript must be greater than 0 and less than or equal to array length',
    element,
  );
  return {
    sql: `(CASE WHEN ${at} BETWEEN 1 AND len(${list}) OR ${list} IS NULL OR ${at} IS NULL THEN list_extract(${list}, ${at}) ELSE ${outside} END)`,
    type: element,
  };
}

function compileAll(
  nodes: ArrayConstructor['items'],
  context: ExpressionContext,
): readonly Compiled[] {
  return nodes.map((node) => ({ node, ...context.statement.expression(node, context) }));
}
