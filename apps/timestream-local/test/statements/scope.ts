import { typeText, type SqlType } from '../../src/types/sql-type.ts';

/** Something that an expression can name: a column, an argument of a lambda, an aggregate. */
export interface Variable {
  readonly type: SqlType;
  readonly text: string;
}

/** Where an expression stands. */
export interface Scope {
  readonly variables: readonly Variable[];
  /** Inside a lambda, where subqueries are not supported. */
  readonly isLambda: boolean;
}

export const emptyScope: Scope = { variables: [], isLambda: false };

/** A value, and its fields if it is a row. */
export function variablesOf(text: string, type: SqlType): readonly Variable[] {
  if (type.kind !== 'row') return [{ text, type }];
  const fields = type.fields.map((field, at) => ({
    type: field.type,
    text: field.name === undefined ? `${text}[${at + 1}]` : `${text}.${field.name}`,
  }));
  return [{ text, type }, ...fields];
}

/** The typed items of a scope. */
export function ofType({ variables }: Scope, type: SqlType): readonly Variable[] {
  const wanted = typeText(type);
  return variables.filter((variable) => typeText(variable.type) === wanted);
}
