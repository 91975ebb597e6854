import type { SeededRandom } from '@highwater/testkit';
import { castSql } from '../../src/types/cast-sql.ts';
import { typeText, types, type SqlType } from '../../src/types/sql-type.ts';
import { anyType, numbers, orderedType } from './match-pattern.ts';
import { joined, type Piece } from './piece.ts';
import type { Scope } from './scope.ts';

type Parts = Piece['parts'];

/** Queries inside expressions. */
export interface Subqueries {
  /** A query in parentheses with one row of one column. */
  scalar(type: SqlType, depth: number, scope: Scope): Piece;
  /** A query in parentheses with one column. */
  column(type: SqlType, depth: number, scope: Scope): Piece;
}

/** Dependencies of forms. */
export interface Maker {
  readonly random: SeededRandom;
  readonly subqueries: Subqueries;
  make(type: SqlType, depth: number, scope: Scope): Piece;
  piece(type: SqlType, parts: Parts): Piece;
  depths(count: number, depth: number): readonly number[];
}

/** Makes the operands of one form. */
class Operands {
  readonly maker: Maker;
  readonly depth: number;
  readonly scope: Scope;

  constructor(maker: Maker, depth: number, scope: Scope) {
    this.maker = maker;
    this.depth = depth;
    this.scope = scope;
  }

  of(...wanted: readonly SqlType[]): readonly Piece[] {
    const depths = this.maker.depths(wanted.length, this.depth);
    return wanted.map((type, at) => this.maker.make(type, depths[at] ?? 0, this.scope));
  }

  infix(operator: string, left: SqlType, right: SqlType): Parts {
    const [a, b] = this.of(left, right);
    return a && b ? ['(', a, ` ${operator} `, b, ')'] : [];
  }
}

type Form = (operands: Operands, type: SqlType) => Parts | undefined;

/**
 * An expression of a type that is not a call: an operator, a predicate, CASE, a cast, a subquery, …
 */
export function formOf(
  maker: Maker,
  type: SqlType,
  depth: number,
  scope: Scope,
): Piece | undefined {
  const own = maker.random.chance(0.6) ? forms[type.kind] : undefined;
  const form = maker.random.pick(own ?? general);
  const parts = form(new Operands(maker, depth, scope), type);
  return parts && maker.piece(type, parts);
}

const arithmetic: Form = (operands, type) =>
  operands.infix(operands.maker.random.pick(['+', '-', '*', '/', '%']), type, type);

const negated: Form = (operands, type) => {
  const [value] = operands.of(type);
  return value && ['(- ', value, ')'];
};

const comparison: Form = (operands) => {
  const { random } = operands.maker;
  const type = random.chance(0.9) ? orderedType(random) : anyType(random);
  const isOrdered = !('element' in type) && type.kind !== 'row';
  const operator = random.pick(isOrdered ? ['=', '<>', '<', '<=', '>', '>='] : ['=', '<>']);
  return operands.infix(operator, type, type);
};

const logical: Form = (operands) => {
  const { random } = operands.maker;
  const count = random.chance(0.05) ? 40 : random.int(2, 4);
  const terms = operands.of(...Array.from({ length: count }, () => types.boolean));
  return ['(', ...joined(terms, random.pick([' AND ', ' OR '])), ')'];
};

const not: Form = (operands) => {
  const [value] = operands.of(types.boolean);
  return value && ['(NOT ', value, ')'];
};

const between: Form = (operands) => {
  const type = orderedType(operands.maker.random);
  const [value, low, high] = operands.of(type, type, type);
  return value && low && high && ['(', value, ' BETWEEN ', low, ' AND ', high, ')'];
};

const inList: Form = (operands) => {
  const { random } = operands.maker;
  const type = orderedType(random);
  const count = random.chance(0.05) ? 100 : random.int(1, 4);
  const [value, ...items] = operands.of(type, ...Array.from({ length: count }, () => type));
  return value && ['(', value, random.pick([' IN (', ' NOT IN (']), ...joined(items, ', '), '))'];
};

const like: Form = (operands) => {
  const pattern = operands.maker.random.pick([`'%a%'`, `'_'`, `'%'`, `'%a%b%c%d%e%'`, `'\\'`]);
  const [value, other] = operands.of(types.varchar, types.varchar);
  const right = operands.maker.random.chance(0.8) ? pattern : other;
  return value && right !== undefined ? ['(', value, ' LIKE ', right, ')'] : undefined;
};

const isNull: Form = (operands) => {
  const [value] = operands.of(anyType(operands.maker.random));
  return value && ['(', value, operands.maker.random.pick([' IS NULL', ' IS NOT NULL']), ')'];
};

const isDistinct: Form = (operands) => {
  const type = orderedType(operands.maker.random);
  return operands.infix('IS DISTINCT FROM', type, type);
};

const inQuery: Form = ({ maker, depth, scope }) => {
  if (scope.isLambda) return undefined;
  const type = orderedType(maker.random);
  const value = maker.make(type, 1, scope);
  const query = maker.subqueries.column(type, depth - 1, scope);
  const operator = maker.random.pick([' IN ', ' NOT IN ', ' = ANY ', ' <= ALL ']);
  return ['(', value, operator, query, ')'];
};

const exists: Form = ({ maker, depth, scope }) => {
  if (scope.isLambda) return undefined;
  return ['(EXISTS ', maker.subqueries.column(anyType(maker.random), depth - 1, scope), ')'];
};

const concatenation: Form = (operands, type) => {
  const { random } = operands.maker;
  const count = random.chance(0.03) ? 100 : random.int(2, 3);
  const texts = operands.of(...Array.from({ length: count }, () => type));
  return ['(', ...joined(texts, ' || '), ')'];
};

const extract: Form = (operands) => {
  const field = operands.maker.random.pick(['YEAR', 'WEEK', 'DAY', 'DOW', 'DOY', 'YOW', 'HOUR']);
  const isOfDate = field !== 'HOUR' && operands.maker.random.chance(0.3);
  const [value] = operands.of(isOfDate ? types.date : types.timestamp);
  return value && [`EXTRACT(${field} FROM `, value, ')'];
};

const position: Form = (operands) => {
  const [part, text] = operands.of(types.varchar, types.varchar);
  return part && text && ['POSITION((', part, ') IN (', text, '))'];
};

/** A point in time or an interval, and an interval. */
const moved =
  (...steps: readonly SqlType[]): Form =>
  (operands, type) => {
    const { random } = operands.maker;
    return operands.infix(random.pick(['+', '-']), type, random.pick(steps));
  };

const scaled: Form = (operands, type) => {
  const { random } = operands.maker;
  return operands.infix(random.pick(['*', '/']), type, random.pick(numbers));
};

const fixed =
  (text: string): Form =>
  () => [text];

const array: Form = (operands, type) => {
  if (type.kind !== 'array') return undefined;
  const count = operands.maker.random.int(1, 4);
  const items = operands.of(...Array.from({ length: count }, () => type.element));
  return ['ARRAY[', ...joined(items, ', '), ']'];
};

const appended: Form = (operands, type) => {
  if (type.kind !== 'array' || 'element' in type.element) return undefined;
  const [list, item] = operands.of(type, type.element);
  return list && item && ['(', list, ' || ', item, ')'];
};

const row: Form = (operands, type) => {
  if (type.kind !== 'row' || type.fields.some(({ name }) => name !== undefined)) return undefined;
  return ['ROW(', ...joined(operands.of(...type.fields.map((field) => field.type)), ', '), ')'];
};

const predicates: readonly Form[] = [
  comparison,
  comparison,
  logical,
  not,
  between,
  inList,
  like,
  isNull,
  isDistinct,
  inQuery,
  exists,
];

const forms: Readonly<Partial<Record<SqlType['kind'], readonly Form[]>>> = {
  boolean: predicates,
  integer: [arithmetic, arithmetic, negated],
  bigint: [arithmetic, arithmetic, negated, extract, position],
  double: [arithmetic, arithmetic, negated],
  varchar: [concatenation],
  timestamp: [
    moved(types.duration, types.months),
    fixed('current_timestamp'),
    fixed('localtimestamp'),
  ],
  date: [moved(types.months), fixed('current_date')],
  time: [moved(types.duration), fixed('localtime')],
  'interval day to second': [moved(types.duration), scaled, negated],
  'interval year to month': [moved(types.months), scaled, negated],
  array: [array, array, concatenation, appended],
  row: [row],
};

const caseOf: Form = (operands, type) => {
  const { random } = operands.maker;
  if (random.chance(0.5)) {
    const [test, then, otherwise] = operands.of(types.boolean, type, type);
    return (
      test &&
      then &&
      otherwise && ['(CASE WHEN ', test, ' THEN ', then, ' ELSE ', otherwise, ' END)']
    );
  }
  const of = orderedType(random);
  const [value, match, then] = operands.of(of, of, type);
  return value && match && then && ['(CASE ', value, ' WHEN ', match, ' THEN ', then, ' END)'];
};

const cast: Form = (operands, type) => {
  const { random } = operands.maker;
  const name = random.pick(['CAST', 'TRY_CAST']);
  for (let tries = 0; tries < 8; tries += 1) {
    const from = anyType(random);
    if (castSql({ sql: 'x', type: from }, type) === undefined) continue;
    const [value] = operands.of(from);
    return value && [`${name}(`, value, ` AS ${typeText(type)})`];
  }
  return undefined;
};

const subscript: Form = (operands, type) => {
  const [list, index] = operands.of(types.array(type), types.bigint);
  const { random } = operands.maker;
  return (
    list && index && [list, '[', random.chance(0.7) ? random.pick(['1', '2', '10000']) : index, ']']
  );
};

const field: Form = (operands, type) => {
  const [value] = operands.of(types.row([{ type }, { type: anyType(operands.maker.random) }]));
  return value && [value, '[1]'];
};

const scalarQuery: Form = ({ maker, depth, scope }, type) =>
  scope.isLambda ? undefined : [maker.subqueries.scalar(type, depth - 1, scope)];

const general: readonly Form[] = [caseOf, caseOf, cast, cast, cast, subscript, field, scalarQuery];
