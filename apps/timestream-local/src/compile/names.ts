import type { Expression, Field, Identifier, Name } from '../sql/ast/nodes.ts';
import { SqlError } from '../sql/sql-error.ts';
import { typeText, types, type RowType } from '../types/sql-type.ts';
import type { Typed } from '../types/typed.ts';
import type { ExpressionContext } from './compile-context.ts';
import { isNamed, type Resolved } from './scope.ts';

/** A column of a relation, or an argument of a lambda. */
export function compileIdentifier(identifier: Identifier, context: ExpressionContext): Typed {
  const resolved = context.scope.column(identifier.name);
  if (resolved) return use(resolved, identifier, context);
  throw new SqlError(identifier.at, `Column '${identifier.name.text}' does not exist`);
}

/** `relation.column`, `database.table.column`, or a field of a row. */
export function compileField(field: Field, context: ExpressionContext): Typed {
  const qualifiers = namesOf(field.base);
  if (qualifiers) {
    const resolved = context.scope.qualified(qualifiers, field.name);
    if (resolved) return use(resolved, field, context);
    const [first] = qualifiers;
    if (qualifiers.length === 1 && first && !context.scope.column(first)) {
      throw new SqlError(field.at, `Column '${first.text}.${field.name.text}' does not exist`);
    }
  }
  const base = context.statement.expression(field.base, context);
  const row = base.type;
  if (row.kind !== 'row') {
    throw new SqlError(field.at, `Expression of type ${typeText(row)} has no fields`);
  }
  return rowField({ sql: base.sql, type: row }, fieldIndex(row, field.name));
}

/** A field by its position, from 0. */
export function rowField(row: { readonly sql: string; readonly type: RowType }, at: number): Typed {
  const type = row.type.fields[at]?.type ?? types.unknown;
  return { sql: `struct_extract(${row.sql}, 'f${at}')`, type };
}

function fieldIndex(row: RowType, name: Name): number {
  const exact = row.fields.findIndex((field) => field.name === name.text);
  const index = exact === -1 ? row.fields.findIndex((field) => isNamed(field.name, name)) : exact;
  if (index !== -1) return index;
  throw new SqlError(name.at, `Column '${name.text}' does not exist in ${typeText(row)}`);
}

/** One or two names with a dot between them; undefined for any other expression. */
function namesOf(expression: Expression): readonly Name[] | undefined {
  if (expression.kind === 'identifier') return [expression.name];
  if (expression.kind !== 'field' || expression.base.kind !== 'identifier') return undefined;
  return [expression.base.name, expression.name];
}

function use(resolved: Resolved, node: Expression, context: ExpressionContext): Typed {
  const { column, levelsUp } = resolved;
  if (levelsUp === 0) context.found.columns.set(node, column);
  const reference = column.reference();
  const { outside, isLateral, scope } = context;
  const isTaken = outside && levelsUp !== Infinity && (isLateral === true || scope.isWithinQuery);
  const isOwn = levelsUp === 0 && isLateral !== true;
  const sql = isTaken ? outside.take(reference, isOwn) : reference;
  return { sql, type: column.type, bytesMax: column.bytesMax };
}
