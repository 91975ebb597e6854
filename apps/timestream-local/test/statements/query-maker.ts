import type { SeededRandom } from '@highwater/testkit';
import { typeText, types, type SqlType } from '../../src/types/sql-type.ts';
import { constantOf, type Drawing } from './constants.ts';
import { ExpressionMaker } from './expression-maker.ts';
import type { Subqueries } from './forms.ts';
import type { FunctionTable } from './function-table.ts';
import { anyType, orderedType } from './match-pattern.ts';
import { joined, textOf, type Piece } from './piece.ts';
import { RelationMaker, type Relation } from './relation-maker.ts';
import { emptyScope, type Scope, type Variable } from './scope.ts';
import { windowCall } from './window-call.ts';

/** A query, and its columns. */
export interface Query {
  readonly piece: Piece;
  readonly columns: readonly SqlType[];
}

/** The parts of a SELECT, before it is assembled. */
interface Items {
  readonly pieces: readonly Piece[];
  readonly columns: readonly SqlType[];
  /** The part after FROM and WHERE. */
  readonly rest: readonly (string | Piece)[];
}

const itemsMax = 3;

/** Makes queries of every kind that pass the type checks. */
export class QueryMaker implements Subqueries {
  readonly random: SeededRandom;
  readonly expressions: ExpressionMaker;
  readonly #relations: RelationMaker;

  constructor(drawing: Drawing, functions: FunctionTable) {
    this.random = drawing.random;
    this.expressions = new ExpressionMaker(drawing, functions, this);
    this.#relations = new RelationMaker(this);
  }

  /** Any query; with columns of these types, if given. */
  query(depth: number, wanted?: readonly SqlType[], outer: Scope = emptyScope): Query {
    const kind = this.random.uniform();
    if (depth > 1 && kind < 0.08) return this.#setOperation(depth, wanted, outer);
    if (depth > 1 && kind < 0.16) return this.#withQuery(depth, wanted, outer);
    if (wanted && kind < 0.19) return this.#values(wanted);
    return this.select(depth, wanted, outer);
  }

  /** One SELECT. */
  select(depth: number, wanted: readonly SqlType[] | undefined, outer: Scope): Query {
    const relation = this.random.chance(0.72) ? this.#relations.make(depth) : undefined;
    // Correlated subqueries are rarely supported.
    const around = this.random.chance(0.05) ? outer.variables : [];
    const scope = { variables: [...(relation?.variables ?? []), ...around], isLambda: false };
    const kind = relation ? this.random.uniform() : 1;
    const items =
      kind < 0.25
        ? this.#grouped(depth, wanted, scope)
        : kind < 0.4
          ? this.#windowed(depth, wanted, scope)
          : this.#plain(depth, wanted, scope);
    return { piece: this.#select(items, depth, scope, relation), columns: items.columns };
  }

  scalar(type: SqlType, depth: number, scope: Scope): Piece {
    if (type.kind === 'timeseries') return this.#series(type.element);
    const { piece: inner } = this.query(Math.max(1, depth), [type], scope);
    // Two rows are an error, and most queries have several.
    const parts = this.random.chance(0.9)
      ? [`(SELECT max_by(o.c1, 1) FROM (`, inner, `) o(c1))`]
      : ['(', inner, ')'];
    return this.expressions.piece(type, parts);
  }

  column(type: SqlType, depth: number, scope: Scope): Piece {
    const { piece: inner } = this.query(Math.max(1, depth), [type], scope);
    return {
      role: `column of ${typeText(type)}`,
      least: '(SELECT NULL)',
      parts: ['(', inner, ')'],
    };
  }

  /** A timeseries of a host, or of any number of points. */
  #series(element: SqlType): Piece {
    const type = types.timeseries(element);
    const count = this.random.pick(
      this.expressions.isWild ? ['1', '10', '1000', '2049', '10000'] : ['1', '2', '10', '100'],
    );
    const value = this.expressions.make(element, 1, {
      variables: [
        { text: 'CAST(p.x AS double)', type: types.double },
        { text: 'p.x', type: types.bigint },
      ],
      isLambda: false,
    });
    const time = this.random.pick(['from_milliseconds(p.x)', 'from_milliseconds(p.x * 60000)']);
    const present = ['coalesce(', value, `, ${constantOf(this.expressions, element)})`];
    const parts = [
      `(SELECT create_time_series(${time}, `,
      ...present,
      `) FROM UNNEST(sequence(1, ${count})) p(x))`,
    ];
    return this.expressions.piece(type, parts);
  }

  #plain(depth: number, wanted: readonly SqlType[] | undefined, scope: Scope): Items {
    const { random, expressions } = this;
    const made = wanted
      ? wanted.map((type) => ({ type, piece: expressions.make(type, depth, scope) }))
      : this.#several(() =>
          random.chance(0.6)
            ? expressions.anyCall('scalar', depth, scope)
            : this.#typed(anyType(random), depth, scope),
        );
    const order = random.chance(0.25) ? [' ORDER BY 1'] : [];
    return {
      pieces: made.map((each) => each.piece),
      columns: made.map(({ type }) => type),
      rest: order,
    };
  }

  /** Keys first, then aggregates or expressions over those. */
  #grouped(depth: number, wanted: readonly SqlType[] | undefined, scope: Scope): Items {
    const { random, expressions } = this;
    const keys = wanted ? [] : this.#keys(scope);
    const aggregates: Variable[] = this.#several(() => this.#aggregate(depth, scope));
    const inner = {
      variables: [...keys.filter(({ text }) => /^\w+\.\w+$/.test(text)), ...aggregates],
      isLambda: false,
    };
    const items = wanted
      ? wanted.map((type) => this.#aggregateOf(type, depth, scope))
      : this.#several(() =>
          random.chance(0.7)
            ? this.#aggregatePiece(depth, scope)
            : this.#typed(anyType(random), Math.min(depth, 2), inner),
        );
    const having = this.#clause('having', ' HAVING ', 0.15, Math.min(2, depth), inner);
    const positions = keys.map((_, at) => String(at + 1));
    const groups = random.pick([
      positions.join(', '),
      positions.join(', '),
      `ROLLUP (${positions.join(', ')})`,
      `CUBE (${positions.join(', ')})`,
    ]);
    const rest = keys.length > 0 ? [` GROUP BY ${groups}`] : [];
    const order = random.chance(0.3) ? [' ORDER BY 1'] : [];
    return {
      pieces: [
        ...keys.map(({ text, type }) => expressions.piece(type, [text])),
        ...items.map((each) => each.piece),
      ],
      columns: [...keys, ...items].map(({ type }) => type),
      rest: [...rest, ...having, ...order],
    };
  }

  #keys(scope: Scope): readonly Variable[] {
    const known = scope.variables.filter(({ type }) => !('element' in type) && type.kind !== 'row');
    if (known.length === 0) return [];
    return Array.from({ length: this.random.int(0, 2) }, () => {
      const { text, type } = this.random.pick(known);
      return type.kind === 'timestamp' ? { text: `bin(${text}, 1m)`, type } : { text, type };
    });
  }

  #windowed(depth: number, wanted: readonly SqlType[] | undefined, scope: Scope): Items {
    const made = wanted
      ? wanted.map((type) => windowCall(this.expressions, depth, scope, type))
      : this.#several(() => windowCall(this.expressions, depth, scope));
    return {
      pieces: made.map((each) => each.piece),
      columns: made.map(({ type }) => type),
      rest: this.random.chance(0.3) ? [' ORDER BY 1'] : [],
    };
  }

  #aggregate(depth: number, scope: Scope): Variable {
    const made = this.expressions.anyCall('aggregate', Math.min(1, depth), scope);
    return { type: made.type, text: textOf(made.piece) };
  }

  #aggregatePiece(depth: number, scope: Scope) {
    const { type, piece: made } = this.expressions.anyCall('aggregate', depth, scope);
    return { type, piece: this.#filtered(type, made, scope) };
  }

  #aggregateOf(type: SqlType, depth: number, scope: Scope) {
    const made = this.expressions.call(type, 'aggregate', depth, scope)?.piece;
    return {
      type,
      piece: made
        ? this.#filtered(type, made, scope)
        : this.expressions.piece(type, [constantOf(this.expressions, type)]),
    };
  }

  /** Sometimes with a FILTER, or DISTINCT. */
  #filtered(type: SqlType, made: Piece, scope: Scope): Piece {
    if (this.random.chance(0.1)) {
      const condition = this.expressions.make(types.boolean, 1, scope);
      return this.expressions.piece(type, [made, ' FILTER (WHERE ', condition, ')']);
    }
    const [first, ...others] = made.parts;
    const isOfOne = others.length === 2 && typeof first === 'string';
    if (!isOfOne || !this.random.chance(0.1)) return made;
    return this.expressions.piece(type, [`${first}DISTINCT `, ...others]);
  }

  #typed(type: SqlType, depth: number, scope: Scope) {
    return { type, piece: this.expressions.make(type, depth, scope) };
  }

  #several<T>(make: () => T): T[] {
    return Array.from({ length: this.random.int(1, itemsMax) }, make);
  }

  #select(
    { pieces, rest }: Items,
    depth: number,
    scope: Scope,
    relation: Relation | undefined,
  ): Piece {
    const where = relation ? this.#clause('where', ' WHERE ', 0.35, Math.min(2, depth), scope) : [];
    const limit = this.random.chance(0.1)
      ? [` LIMIT ${this.random.pick(['0', '1', '10', '1000'])}`]
      : [];
    const distinct = this.random.chance(0.05) ? 'DISTINCT ' : '';
    const from = relation ? [' FROM ', relation.piece] : [];
    const items = pieces.map((item, at): Piece => ({
      ...item,
      parts: [...item.parts, ` AS c${at + 1}`],
    }));
    const list = items.map((item) => ({
      role: item.role + ' item',
      least: item.least,
      parts: [item],
    }));
    return {
      role: `query of ${pieces.map(({ role }) => role).join(', ')}`,
      least: `SELECT ${pieces.map(({ least }) => least).join(', ')}`,
      parts: [`SELECT ${distinct}`, ...joined(list, ', '), ...from, ...where, ...rest, ...limit],
    };
  }

  /** A clause with a condition in some of the queries. */
  #clause(
    role: string,
    word: string,
    share: number,
    depth: number,
    scope: Scope,
  ): readonly Piece[] {
    if (!this.random.chance(share)) return [];
    const condition = this.expressions.make(types.boolean, depth, scope);
    return [{ role, least: '', parts: [word, condition] }];
  }

  #setOperation(depth: number, wanted: readonly SqlType[] | undefined, outer: Scope): Query {
    const left = this.select(
      depth - 1,
      wanted ?? this.#several(() => orderedType(this.random)),
      outer,
    );
    const right = this.select(depth - 1, left.columns, outer);
    const operator = this.random.pick(['UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT']);
    const parts = ['(', left.piece, `) ${operator} (`, right.piece, ')'];
    return { piece: { ...left.piece, parts }, columns: left.columns };
  }

  #withQuery(depth: number, wanted: readonly SqlType[] | undefined, outer: Scope): Query {
    const named = this.query(depth - 1);
    const name = this.expressions.newName();
    const names = named.columns.map((_, at) => `w${at + 1}`);
    const variables = named.columns.map((type, at) => ({ type, text: `${name}.w${at + 1}` }));
    const scope = { variables: [...variables, ...outer.variables], isLambda: false };
    const items = this.#plain(depth, wanted, scope);
    const twice = this.random.chance(0.3) ? `, ${name} AS ${this.expressions.newName()}` : '';
    const body = this.#select(items, depth, scope, {
      piece: { role: 'relation', least: name, parts: [`${name}${twice}`] },
      variables,
    });
    const parts = [`WITH ${name}(${names.join(', ')}) AS (`, named.piece, ') ', body];
    return { piece: { ...body, parts }, columns: items.columns };
  }

  #values(wanted: readonly SqlType[]): Query {
    const rows = Array.from({ length: this.random.int(1, 3) }, () => {
      const cells = wanted.map((type) => this.expressions.make(type, 1, emptyScope));
      return ['(', ...joined(cells, ', '), ')'];
    });
    const parts = ['VALUES ', ...rows.flatMap((row, at) => (at === 0 ? row : [', ', ...row]))];
    const least = `SELECT ${wanted.map((type) => `CAST(NULL AS ${typeText(type)})`).join(', ')}`;
    return {
      piece: { role: `query of ${wanted.map(typeText).join(', ')}`, least, parts },
      columns: wanted,
    };
  }
}
