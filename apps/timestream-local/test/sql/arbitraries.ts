import fc from 'fast-check';
import type {
  Expression,
  FrameBound,
  Name,
  Query,
  QueryBody,
  Relation,
  SortItem,
} from '../../src/sql/ast/nodes.ts';
import type { Statement } from '../../src/sql/ast/statement.ts';
import type { TypeName } from '../../src/sql/ast/type-name.ts';
import { durationUnits, monthUnits } from '../../src/sql/duration-units.ts';
import { isReserved } from '../../src/sql/parse/reserved-words.ts';

const at = { line: 1, column: 1 };

/** Words that start something else where a name could be. */
const ambiguous =
  /^(try_cast|interval|date|time|timestamp|array|row|position|rows|range|groups|partition|filter|over|ignore|respect|all|any|some|double|limit|offset|window|unnest|lateral|nulls|distinct|grouping|show|desc|asc|first|last|tablesample)$/i;

const plainName = fc
  .stringMatching(/^[a-z_][a-z0-9_]{0,6}$/)
  .filter((text) => !isReserved(text.toUpperCase()) && !ambiguous.test(text));

const name: fc.Arbitrary<Name> = fc.oneof(
  plainName.map((text) => ({ text, isQuoted: false, at })),
  fc
    .string({ minLength: 1, maxLength: 6, unit: 'grapheme' })
    .map((text) => ({ text, isQuoted: true, at })),
);

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const digits = fc.stringMatching(/^(0|[1-9]\d{0,8})$/);

const scalarType = fc
  .constantFrom(
    'bigint',
    'double',
    'varchar',
    'boolean',
    'timestamp',
    'interval day to second',
    'interval year to month',
  )
  .map((text): TypeName => ({ name: text, arguments: [], numbers: [], at }));

const sizedType = digits.map((size): TypeName => ({
  name: 'varchar',
  arguments: [],
  numbers: [size],
  at,
}));

const typeName: fc.Arbitrary<TypeName> = fc.oneof(
  scalarType,
  sizedType,
  fc
    .tuple(fc.constantFrom('array', 'timeseries'), scalarType)
    .map(([own, type]): TypeName => ({ name: own, arguments: [{ type }], numbers: [], at })),
  fc
    .array(fc.tuple(maybe(plainName), fc.oneof(scalarType, sizedType)), {
      minLength: 1,
      maxLength: 2,
    })
    .map((fields): TypeName => ({
      name: 'row',
      arguments: fields.map(([own, type]) => (own === undefined ? { type } : { name: own, type })),
      numbers: [],
      at,
    })),
);

const intervalFields = ['YEAR', 'MONTH', 'WEEK', 'DAY', 'HOUR', 'MINUTE', 'SECOND'] as const;

const literal: fc.Arbitrary<Expression> = fc.oneof(
  fc.constant<Expression>({ kind: 'null', at }),
  fc.boolean().map((value): Expression => ({ kind: 'boolean', at, value })),
  digits.map((text): Expression => ({ kind: 'integer', at, text })),
  fc
    .tuple(digits, digits)
    .map(([a, b]): Expression => ({ kind: 'decimal', at, text: `${a}.${b}` })),
  fc
    .string({ maxLength: 8, unit: 'grapheme' })
    .map((value): Expression => ({ kind: 'string', at, value })),
  fc
    .tuple(
      fc.oneof(
        digits,
        fc.tuple(digits, digits).map((parts) => parts.join('.')),
      ),
      fc.constantFrom(...Object.keys(durationUnits), ...Object.keys(monthUnits)),
    )
    .map(([count, unit]): Expression => ({ kind: 'duration', at, count, unit })),
  fc
    .constantFrom('date' as const, 'time' as const, 'timestamp' as const)
    .map((type): Expression => ({ kind: 'typed', at, type, text: '2020-01-01' })),
  fc
    .tuple(
      fc.boolean(),
      fc.constantFrom(...intervalFields),
      maybe(fc.constantFrom(...intervalFields)),
    )
    .map(([isNegative, from, to]): Expression => ({
      kind: 'interval',
      at,
      text: '2',
      isNegative,
      from,
      to,
    })),
  plainName.map((text): Expression => ({ kind: 'parameter', at, name: text })),
  fc
    .constantFrom(
      'CURRENT_TIMESTAMP' as const,
      'CURRENT_DATE' as const,
      'CURRENT_TIME' as const,
      'LOCALTIMESTAMP' as const,
      'LOCALTIME' as const,
    )
    .map((what): Expression => ({ kind: 'current', at, what })),
  name.map((own): Expression => ({ kind: 'identifier', at, name: own })),
);

const comparison = fc.constantFrom(
  '=' as const,
  '<>' as const,
  '<' as const,
  '<=' as const,
  '>' as const,
  '>=' as const,
);

/** Shared by all kinds of trees, so that a query within a query is no deeper than one alone. */
const depth = { depthIdentifier: 'tree', maxDepth: 5, depthSize: 'small' } as const;

interface Trees {
  readonly expression: Expression;
  readonly query: Query;
  readonly body: QueryBody;
  readonly relation: Relation;
}

const { expression, query } = fc.letrec<Trees>((tie: fc.LetrecTypedTie<Trees>) => {
  const inner = tie('expression');
  // Within the parentheses of an expression, a query that starts with a parenthesis is read as an
  // expression.
  const plain = tie('query').filter(
    (of) =>
      of.with.length > 0 || !['nested', 'set'].includes(of.body.kind) || beginsPlainly(of.body),
  );
  const list = (minLength: number) => fc.array(inner, { minLength, maxLength: 3 });
  const sort: fc.Arbitrary<SortItem> = fc
    .record({
      expression: inner,
      isDescending: fc.boolean(),
      nulls: maybe(fc.constantFrom('FIRST' as const, 'LAST' as const)),
    })
    .map(({ nulls, ...rest }) => (nulls === undefined ? rest : { ...rest, nulls }));
  const sorts = fc.array(sort, { maxLength: 2 });
  const bound: fc.Arbitrary<FrameBound> = fc.oneof(
    fc
      .constantFrom(
        'unboundedPreceding' as const,
        'current' as const,
        'unboundedFollowing' as const,
      )
      .map((kind) => ({ kind })),
    fc
      .tuple(fc.constantFrom('preceding' as const, 'following' as const), inner)
      .map(([kind, offset]) => ({ kind, offset })),
  );
  const windowSpec = fc.record({
    base: maybe(name),
    partitionBy: fc.array(inner, { maxLength: 2 }),
    orderBy: sorts,
    frame: maybe(
      fc.record({
        unit: fc.constantFrom('ROWS' as const, 'RANGE' as const, 'GROUPS' as const),
        start: bound,
        end: maybe(bound),
      }),
    ),
  });
  const compound: fc.Arbitrary<Expression> = fc.oneof(
    fc
      .tuple(inner, name)
      .map(([base, own]): Expression => ({ kind: 'field', at, base, name: own })),
    fc
      .tuple(inner, inner)
      .map(([base, index]): Expression => ({ kind: 'subscript', at, base, index })),
    fc
      .tuple(fc.constantFrom('-' as const, '+' as const), inner)
      .map(([operator, operand]): Expression => ({ kind: 'negate', at, operator, operand })),
    fc
      .tuple(
        fc.constantFrom(
          '+' as const,
          '-' as const,
          '*' as const,
          '/' as const,
          '%' as const,
          '||' as const,
        ),
        inner,
        inner,
      )
      .map(([operator, left, right]): Expression => ({
        kind: 'binary',
        at,
        operator,
        left,
        right,
      })),
    fc.tuple(comparison, inner, inner).map(([operator, left, right]): Expression => ({
      kind: 'comparison',
      at,
      operator,
      left,
      right,
    })),
    fc
      .tuple(comparison, fc.constantFrom('ALL' as const, 'ANY' as const), inner, plain)
      .map(([operator, quantifier, left, of]): Expression => ({
        kind: 'quantified',
        at,
        operator,
        quantifier,
        left,
        query: of,
      })),
    fc
      .tuple(fc.constantFrom('AND' as const, 'OR' as const), list(2))
      .map(([operator, terms]): Expression => ({ kind: 'logical', at, operator, terms })),
    inner.map((operand): Expression => ({ kind: 'not', at, operand })),
    fc.tuple(fc.boolean(), inner, inner, inner).map(([isNot, value, low, high]): Expression => ({
      kind: 'between',
      at,
      isNot,
      value,
      low,
      high,
    })),
    fc
      .tuple(fc.boolean(), inner, list(1))
      .map(([isNot, value, items]): Expression => ({ kind: 'inList', at, isNot, value, items })),
    fc
      .tuple(fc.boolean(), inner, plain)
      .map(([isNot, value, of]): Expression => ({ kind: 'inQuery', at, isNot, value, query: of })),
    fc
      .tuple(fc.boolean(), inner, inner, maybe(inner))
      .map(([isNot, value, pattern, escape]): Expression => ({
        kind: 'like',
        at,
        isNot,
        value,
        pattern,
        escape,
      })),
    fc
      .tuple(fc.boolean(), inner)
      .map(([isNot, value]): Expression => ({ kind: 'isNull', at, isNot, value })),
    fc
      .tuple(fc.boolean(), inner, inner)
      .map(([isNot, left, right]): Expression => ({ kind: 'isDistinct', at, isNot, left, right })),
    plain.map((of): Expression => ({ kind: 'exists', at, query: of })),
    plain.map((of): Expression => ({ kind: 'scalarQuery', at, query: of })),
    fc
      .tuple(
        maybe(inner),
        fc.array(fc.record({ condition: inner, result: inner }), { minLength: 1, maxLength: 2 }),
        maybe(inner),
      )
      .map(([operand, whens, otherwise]): Expression => ({
        kind: 'case',
        at,
        operand,
        whens,
        otherwise,
      })),
    fc
      .tuple(fc.boolean(), inner, typeName)
      .map(([isTry, value, type]): Expression => ({ kind: 'cast', at, isTry, value, type })),
    fc
      .tuple(fc.constantFrom('HOUR', 'YEAR', 'DAY_OF_WEEK', 'NONSENSE'), inner)
      .map(([field, value]): Expression => ({ kind: 'extract', at, field, value })),
    list(0).map((items): Expression => ({ kind: 'array', at, items })),
    list(1).map((items): Expression => ({ kind: 'row', at, items })),
    fc
      .tuple(fc.array(name, { maxLength: 2 }), inner)
      .map(([parameters, body]): Expression => ({ kind: 'lambda', at, parameters, body })),
    fc
      .record({
        name,
        arguments: list(0),
        isStar: fc.boolean(),
        isDistinct: fc.boolean(),
        orderBy: sorts,
        filter: maybe(inner),
        nulls: maybe(fc.constantFrom('IGNORE' as const, 'RESPECT' as const)),
        over: maybe(windowSpec),
      })
      .map((call): Expression => ({
        kind: 'call',
        at,
        ...call,
        arguments: call.isStar ? [] : call.arguments,
        isDistinct: call.isDistinct && !call.isStar && call.arguments.length > 0,
      })),
  );
  return {
    expression: fc.oneof(depth, literal, compound),
    query: fc.record({
      kind: fc.constant('query' as const),
      at: fc.constant(at),
      with: fc.array(
        fc.record({ name, columns: fc.array(name, { maxLength: 2 }), query: tie('query') }),
        { maxLength: 1 },
      ),
      body: tie('body'),
      orderBy: sorts,
      offset: maybe(digits),
      limit: maybe(digits),
    }),
    body: fc.oneof(
      depth,
      fc.record({
        kind: fc.constant('select' as const),
        at: fc.constant(at),
        isDistinct: fc.boolean(),
        items: fc.array(
          fc.oneof(
            fc.record({
              kind: fc.constant('expression' as const),
              expression: inner,
              alias: maybe(name),
              at: fc.constant(at),
            }),
            fc.record({
              kind: fc.constant('star' as const),
              qualifier: maybe(name),
              at: fc.constant(at),
            }),
          ),
          { minLength: 1, maxLength: 3 },
        ),
        from: maybe(tie('relation')),
        where: maybe(inner),
        groupBy: fc.array(
          fc.oneof(
            inner
              .filter(({ kind }) => kind !== 'row' && kind !== 'lambda')
              .map((key) => ({ kind: 'simple' as const, expressions: [key] })),
            fc
              .array(inner, { minLength: 2, maxLength: 3 })
              .map((expressions) => ({ kind: 'simple' as const, expressions })),
            fc.constant({ kind: 'simple' as const, expressions: [] }),
            fc
              .tuple(fc.constantFrom('rollup' as const, 'cube' as const), list(1))
              .map(([kind, expressions]) => ({ kind, expressions })),
            fc
              .array(list(0), { minLength: 1, maxLength: 2 })
              .map((sets) => ({ kind: 'sets' as const, sets })),
          ),
          { maxLength: 2 },
        ),
        having: maybe(inner),
        windows: fc.array(fc.record({ name, spec: windowSpec }), { maxLength: 1 }),
      }),
      fc.record({ kind: fc.constant('values' as const), at: fc.constant(at), rows: list(1) }),
      tie('query').map((of) => ({ kind: 'nested' as const, at, query: of })),
      fc
        .tuple(
          fc.constantFrom('UNION' as const, 'INTERSECT' as const, 'EXCEPT' as const),
          fc.boolean(),
          tie('body').filter(({ kind }) => kind !== 'set'),
          tie('query'),
        )
        .map(([operator, isAll, left, right]) => ({
          kind: 'set' as const,
          at,
          operator,
          isAll,
          left,
          right: { kind: 'nested' as const, at, query: right },
        })),
    ),
    relation: fc.oneof(
      depth,
      fc
        .array(name, { minLength: 1, maxLength: 2 })
        .map((parts): Relation => ({ kind: 'table', at, parts })),
      fc
        .tuple(plain, fc.boolean())
        .map(([of, isLateral]): Relation => ({ kind: 'subquery', at, query: of, isLateral })),
      fc.tuple(list(1), fc.boolean()).map(([expressions, withOrdinality]): Relation => ({
        kind: 'unnest',
        at,
        expressions,
        withOrdinality,
      })),
      fc
        .tuple(tie('relation'), name, fc.array(name, { maxLength: 2 }))
        .map(([relation, alias, columns]): Relation => ({
          kind: 'aliased',
          at,
          relation,
          alias,
          columns,
        })),
      fc
        .tuple(
          tie('relation'),
          tie('relation'),
          fc.constantFrom('INNER' as const, 'LEFT' as const, 'RIGHT' as const, 'FULL' as const),
          fc.oneof(
            inner.map((on) => ({ on })),
            fc.array(name, { minLength: 1, maxLength: 2 }).map((using) => ({ using })),
          ),
        )
        .map(([left, right, type, criteria]): Relation => ({
          kind: 'join',
          at,
          type,
          left,
          right,
          ...criteria,
        })),
      fc
        .tuple(tie('relation'), tie('relation'))
        .map(([left, right]): Relation => ({ kind: 'join', at, type: 'CROSS', left, right })),
    ),
  };
});

function beginsPlainly(body: QueryBody): boolean {
  return body.kind === 'set' ? beginsPlainly(body.left) : body.kind !== 'nested';
}

/** Expressions of every kind, some levels deep. */
export const anyExpression: fc.Arbitrary<Expression> = expression;

/** Queries of every kind. */
export const anyQuery: fc.Arbitrary<Query> = query;

const like = maybe(fc.string({ maxLength: 6 }));
const table = fc.array(name, { minLength: 1, maxLength: 2 });

/** SHOW and DESCRIBE, and queries. */
export const anyStatement: fc.Arbitrary<Statement> = fc.oneof(
  { arbitrary: query, weight: 8 },
  like.map((pattern): Statement => ({ kind: 'showDatabases', at, like: pattern })),
  fc
    .tuple(maybe(name), like)
    .map(([database, pattern]): Statement => ({ kind: 'showTables', at, database, like: pattern })),
  fc
    .tuple(table, like)
    .map(([of, pattern]): Statement => ({ kind: 'showMeasures', at, table: of, like: pattern })),
  table.map((of): Statement => ({ kind: 'describe', at, table: of })),
);
