import type { SeededRandom } from '@highwater/testkit';
import type { Signature, TypePattern } from '../../src/functions/type-pattern.ts';
import { typeText, types, type SqlType } from '../../src/types/sql-type.ts';
import { drawHint, hintFor } from './argument-hints.ts';
import { constantOf, nullOf, type Drawing } from './constants.ts';
import { formOf, type Subqueries } from './forms.ts';
import type { FunctionKind, FunctionTable } from './function-table.ts';
import { matches, typeOf, type Bound } from './match-pattern.ts';
import { joined, type Piece } from './piece.ts';
import { ofType, variablesOf, type Scope } from './scope.ts';

/** An expression and the type that it was made for. */
export interface Typed {
  readonly type: SqlType;
  readonly piece: Piece;
}

const argumentsMax = 4;

/**
 * Makes expressions of a type, from the inside out. One argument of a call may be as deep as
 * allowed, and the others are shallow: nesting may be deep, while the length of a statement stays
 * proportional to it.
 */
export class ExpressionMaker {
  readonly random: SeededRandom;
  readonly isWild: boolean;
  readonly functions: FunctionTable;
  readonly subqueries: Subqueries;
  #names = 0;

  constructor({ random, isWild }: Drawing, functions: FunctionTable, subqueries: Subqueries) {
    this.random = random;
    this.isWild = isWild;
    this.functions = functions;
    this.subqueries = subqueries;
  }

  /** @param depth maximum levels of calls */
  make(type: SqlType, depth: number, scope: Scope): Piece {
    if (depth <= 0 || this.random.chance(0.08)) return this.#leaf(type, scope);
    const isCall = this.random.chance(0.65);
    const made = isCall ? this.call(type, 'scalar', depth, scope)?.piece : undefined;
    return made ?? formOf(this, type, depth, scope) ?? this.#leaf(type, scope);
  }

  /** A piece of a type from parts. */
  piece(type: SqlType, parts: Piece['parts']): Piece {
    return { role: typeText(type), least: leastOf(type), parts };
  }

  /** A call of any function that results in the type; undefined when there is none. */
  call(type: SqlType, kind: FunctionKind, depth: number, scope: Scope): Typed | undefined {
    const found = this.functions.resultingIn(type, kind);
    if (found.length === 0) return undefined;
    const signature = this.random.pick(this.random.pick(found));
    const bound: Bound = new Map();
    matches(signature.returns, type, bound);
    return this.#callOf(signature, bound, depth, scope);
  }

  /** A call of any function, with equal probability for each. */
  anyCall(kind: FunctionKind, depth: number, scope: Scope): Typed {
    const signature = this.random.pick(this.random.pick(this.functions.all(kind)));
    return this.#callOf(signature, new Map(), depth, scope);
  }

  newName(): string {
    this.#names += 1;
    return `n${this.#names}`;
  }

  /** Depths for this many parts of an expression. */
  depths(count: number, depth: number): readonly number[] {
    const spine = this.random.int(0, Math.max(0, count - 1));
    return Array.from({ length: count }, (_, at) =>
      at === spine ? depth - 1 : Math.min(depth - 1, this.random.int(0, 1)),
    );
  }

  #leaf(type: SqlType, scope: Scope): Piece {
    const known = ofType(scope, type);
    if (known.length > 0 && this.random.chance(0.75)) {
      return this.piece(type, [this.random.pick(known).text]);
    }
    if (type.kind === 'timeseries' && !scope.isLambda)
      return this.subqueries.scalar(type, 1, scope);
    return this.piece(type, [constantOf(this, type)]);
  }

  #callOf(signature: Signature, bound: Bound, depth: number, scope: Scope): Typed {
    const parameters = this.#parametersOf(signature);
    // The types of the variables must be known before the lambdas are made.
    for (const parameter of parameters) typeOf(parameter, bound, this.random);
    const depths = this.depths(parameters.length, depth);
    const args = parameters.map((parameter, at) =>
      this.#argument(signature, at, { parameter, bound, scope, depth: depths[at] ?? 0 }),
    );
    const type = typeOf(signature.returns, bound, this.random);
    const parts = [`${signature.name}(`, ...joined(args, ', '), ')'];
    return { type, piece: this.piece(type, parts) };
  }

  #parametersOf({ parameters, isVariadic }: Signature): readonly TypePattern[] {
    const last = parameters.at(-1);
    if (!isVariadic || !last) return parameters;
    const more = this.random.int(0, argumentsMax);
    return [...parameters.slice(0, -1), ...Array.from({ length: more }, () => last)];
  }

  #argument(signature: Signature, at: number, { parameter, bound, scope, depth }: Place): Piece {
    const type = typeOf(parameter, bound, this.random);
    const hinted = drawHint(this, hintFor(signature, at));
    // A constant must not be reduced to another one of its type, because its value may matter.
    if (hinted !== undefined) return { role: 'constant', least: hinted, parts: [hinted] };
    if (parameter.kind === 'lambda') return this.#lambda(parameter, bound, scope, depth);
    return this.make(this.#maybeNarrower(type, parameter), depth, scope);
  }

  /** Expressions that are converted to the type implicitly. */
  #maybeNarrower(type: SqlType, { kind }: TypePattern): SqlType {
    if (kind !== 'type' || !this.random.chance(0.15)) return type;
    if (type.kind === 'bigint') return types.integer;
    if (type.kind === 'double') return this.random.pick([types.integer, types.bigint]);
    return type;
  }

  #lambda(
    { parameters, returns }: Extract<TypePattern, { kind: 'lambda' }>,
    bound: Bound,
    scope: Scope,
    depth: number,
  ): Piece {
    const named = parameters.map((parameter) => ({
      name: this.newName(),
      type: typeOf(parameter, bound, this.random),
    }));
    const own = named.flatMap(({ name, type }) => variablesOf(name, type));
    const inner = { variables: [...own, ...own, ...scope.variables], isLambda: true };
    const type = typeOf(returns, bound, this.random);
    const body = this.make(type, Math.max(1, depth), inner);
    const names = named.map(({ name }) => name).join(', ');
    const parts = [`(${names}) -> `, body];
    return { role: 'lambda', least: `(${names}) -> ${body.least}`, parts };
  }
}

interface Place {
  readonly parameter: TypePattern;
  readonly bound: Bound;
  readonly scope: Scope;
  readonly depth: number;
}

/** The shortest expression of a type. */
function leastOf(type: SqlType): string {
  return shortest[type.kind] ?? nullOf(type);
}

const shortest: Readonly<Partial<Record<SqlType['kind'], string>>> = {
  boolean: 'true',
  integer: '1',
  double: '1.5',
  varchar: "'a'",
  'interval day to second': '1s',
};
