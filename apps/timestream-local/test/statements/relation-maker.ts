import type { SeededRandom } from '@highwater/testkit';
import { types, type SqlType } from '../../src/types/sql-type.ts';
import type { ExpressionMaker } from './expression-maker.ts';
import { anyType, orderedType } from './match-pattern.ts';
import type { Piece } from './piece.ts';
import { emptyScope, ofType, variablesOf, type Scope, type Variable } from './scope.ts';
import { columns, columnsOfNone, database, type TableName } from './tables.ts';

/** The sources that a query reads, and their columns. */
export interface Relation {
  readonly piece: Piece;
  readonly variables: readonly Variable[];
}

/** Makes the queries among relations, and their expressions. */
interface Maker {
  readonly random: SeededRandom;
  readonly expressions: ExpressionMaker;
  query(
    depth: number,
    wanted?: readonly SqlType[],
  ): { readonly piece: Piece; readonly columns: readonly SqlType[] };
}

/** Most statements read few rows, so that many of them fit into an hour. */
const tableShares: Readonly<Record<'wild' | 'mild', readonly (readonly [TableName, number])[]>> = {
  mild: [
    ['one', 0.75],
    ['none', 0.85],
    ['chunk', 1],
  ],
  wild: [
    ['one', 0.4],
    ['none', 0.45],
    ['chunk', 0.85],
    ['many', 1],
  ],
};

/** Makes tables, subqueries, UNNEST and joins of those. */
export class RelationMaker {
  readonly #maker: Maker;

  constructor(maker: Maker) {
    this.#maker = maker;
  }

  make(depth: number): Relation {
    const kind = this.#maker.random.uniform();
    if (depth <= 1 || kind < 0.55) return this.#table();
    if (kind < 0.68) return this.#subquery(depth);
    if (kind < 0.8) return this.#unnest(depth, emptyScope);
    if (kind < 0.9) return this.#crossUnnest(depth);
    return this.#join(depth);
  }

  #table(): Relation {
    const drawn = this.#maker.random.uniform();
    const shares = tableShares[this.#maker.expressions.isWild ? 'wild' : 'mild'];
    const name = shares.find(([, upTo]) => drawn < upTo)?.[0] ?? 'one';
    const alias = this.#maker.expressions.newName();
    return {
      piece: relation([`"${database}"."${name}" ${alias}`], `"${database}"."one" ${alias}`),
      variables: (name === 'none' ? columnsOfNone : columns).map(([column, type]) => ({
        text: `${alias}.${column}`,
        type,
      })),
    };
  }

  #subquery(depth: number): Relation {
    const { random, expressions } = this.#maker;
    const wanted = Array.from({ length: random.int(1, 3) }, () => anyType(random));
    const made = this.#maker.query(depth - 1, wanted);
    const alias = expressions.newName();
    const names = made.columns.map((_, at) => `q${at + 1}`).join(', ');
    return {
      piece: relation(['(', made.piece, `) ${alias}(${names})`]),
      variables: made.columns.flatMap((type, at) => variablesOf(`${alias}.q${at + 1}`, type)),
    };
  }

  #unnest(depth: number, scope: Scope): Relation {
    const { random, expressions } = this.#maker;
    const alias = expressions.newName();
    if (random.chance(0.15)) {
      const series = expressions.make(types.timeseries(types.double), depth - 1, scope);
      return {
        piece: relation(['UNNEST(', series, `) ${alias}(u1, u2)`]),
        variables: [
          { text: `${alias}.u1`, type: types.timestamp },
          { text: `${alias}.u2`, type: types.double },
        ],
      };
    }
    const element = random.chance(0.4) ? types.bigint : orderedType(random);
    const list = expressions.make(types.array(element), depth - 1, scope);
    const isNumbered = random.chance(0.2);
    const variables = [{ text: `${alias}.u1`, type: element }];
    if (isNumbered) variables.push({ text: `${alias}.u2`, type: types.bigint });
    const end = isNumbered ? `) WITH ORDINALITY ${alias}(u1, u2)` : `) ${alias}(u1)`;
    return { piece: relation(['UNNEST(', list, end]), variables };
  }

  /** Over an expression of the columns to the left. */
  #crossUnnest(depth: number): Relation {
    const left = this.#table();
    const right = this.#unnest(depth, { variables: left.variables, isLambda: false });
    return {
      piece: relation([left.piece, ' CROSS JOIN ', right.piece]),
      variables: [...left.variables, ...right.variables],
    };
  }

  #join(depth: number): Relation {
    const { random } = this.#maker;
    const [left, other] = [this.make(depth - 1), this.make(depth - 1)];
    const isJoin = other.piece.parts.some(
      (part) => typeof part === 'string' && / JOIN /.test(part),
    );
    const right = isJoin ? { ...other, piece: relation(['(', other.piece, ')']) } : other;
    const variables = [...left.variables, ...right.variables];
    if (random.chance(0.1)) {
      return { piece: relation([left.piece, ' CROSS JOIN ', right.piece]), variables };
    }
    const type = random.pick([' JOIN ', ' LEFT JOIN ', ' RIGHT JOIN ', ' FULL JOIN ']);
    const on = this.#on(left, right);
    return { piece: relation([left.piece, type, right.piece, ' ON ', on]), variables };
  }

  /** Usually that two columns of one type are equal. */
  #on(left: Relation, right: Relation): Piece {
    const { random, expressions } = this.#maker;
    const pairs = left.variables.flatMap((a) =>
      ofType({ variables: right.variables, isLambda: false }, a.type).map((b) => [a, b] as const),
    );
    const pair = pairs.length > 0 && random.chance(0.85) ? random.pick(pairs) : undefined;
    if (pair) return expressions.piece(types.boolean, [`${pair[0].text} = ${pair[1].text}`]);
    const scope = { variables: [...left.variables, ...right.variables], isLambda: false };
    return expressions.make(types.boolean, 1, scope);
  }
}

function relation(parts: Piece['parts'], least?: string): Piece {
  const text =
    least ?? parts.map((part) => (typeof part === 'string' ? part : part.least)).join('');
  return { role: 'relation', least: text, parts };
}
