import type { Expression } from '../sql/ast/nodes.ts';
import type { Typed } from '../types/typed.ts';
import { drawsRandom } from './evaluated-once.ts';

/** Shorter SQL may be repeated: DuckDB finds equal parts and computes them once. */
const shortLength = 60;

/** Repeated SQL up to this length is harmless. Bound operands are slightly slower to compute. */
const repeatedLengthMax = 300;

/** DuckDB takes neither of them within a lambda. */
const isQueryOrWindow = /\b(SELECT|OVER)\b/;

/** Quoted texts and names. Something that looks like a name within a text is not one. */
const textOrName = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\b(?:random_)?operand\d+\b/g;

/** A constant only costs the length of the statement, because DuckDB computes it once. */
const constantShare = 0.05;

export interface OperandFacts {
  readonly hasAggregate: boolean;
  /** Whether it is the same in every row. */
  readonly isConstant: boolean;
}

interface Operand {
  readonly isConstant: boolean;
  readonly sql: string;
  /** Whether every place would draw another value. */
  readonly isRandom: boolean;
  readonly isOutsideOnly: boolean;
}

/**
 * The operands of one expression while it is compiled. Many functions have SQL that names an
 * argument more than once. Written out, each level of nesting would double the statement, so a long
 * operand gets a name. In the end, it replaces the name if that occurs once. If the name occurs
 * several times, the operand is computed before the rest and bound to a DuckDB name.
 */
export class Operands {
  readonly #unique: (prefix: string) => string;
  readonly #operands = new Map<string, Operand>();

  /** @param unique makes a name that no other part of the statement has */
  constructor(unique: (prefix: string) => string) {
    this.#unique = unique;
  }

  /** The operand as the expression around it may use it. */
  keep(operand: Typed, { hasAggregate, isConstant }: OperandFacts): Typed {
    const isOutsideOnly = hasAggregate || isQueryOrWindow.test(operand.sql);
    const isRandom = drawsRandom.test(operand.sql);
    if (operand.sql.length <= shortLength && !isOutsideOnly && !isRandom) return operand;
    const name = this.#unique(isRandom ? 'random_operand' : 'operand');
    this.#operands.set(name, { sql: operand.sql, isConstant, isRandom, isOutsideOnly });
    return { ...operand, sql: name };
  }

  /** The expression with its operands in place. */
  resolve(expression: Typed): Typed {
    if (this.#operands.size === 0) return expression;
    const { sql, parts } = expression;
    return {
      ...expression,
      sql: this.#isWorthBinding(sql) ? this.#bound(sql) : this.#inline(sql),
      ...(parts && { parts: parts.map((part) => ({ ...part, sql: this.#inline(part.sql) })) }),
    };
  }

  #isWorthBinding(sql: string): boolean {
    if (isQueryOrWindow.test(sql)) return false;
    const isInLambda = /\blambda\b/.test(sql);
    let repeated = 0;
    for (const [name, uses] of this.#uses(sql)) {
      const operand = this.#operands.get(name);
      if (isInLambda && operand?.isOutsideOnly) return true;
      if (operand?.isRandom && uses > 1) return true;
      const length = (uses - 1) * (operand?.sql.length ?? 0);
      repeated += operand?.isConstant ? length * constantShare : length;
    }
    return repeated > repeatedLengthMax;
  }

  #uses(sql: string): ReadonlyMap<string, number> {
    const uses = new Map<string, number>();
    for (const [name] of sql.matchAll(textOrName)) {
      if (this.#operands.has(name)) uses.set(name, (uses.get(name) ?? 0) + 1);
    }
    return uses;
  }

  #inline(sql: string): string {
    return sql.replace(textOrName, (found) => this.#operands.get(found)?.sql ?? found);
  }

  #bound(sql: string): string {
    const bound = [...this.#uses(sql)].filter(
      ([name, uses]) => uses > 1 || this.#operands.get(name)?.isOutsideOnly,
    );
    const names = new Map(bound.map(([name], at) => [name, `operands.f${at}`]));
    const fields = bound.map(([name], at) => `f${at} := ${this.#operands.get(name)?.sql}`);
    const body = sql.replace(
      textOrName,
      (found) => names.get(found) ?? this.#operands.get(found)?.sql ?? found,
    );
    return `list_extract(list_transform([struct_pack(${fields.join(', ')})], lambda operands: ${body}), 1)`;
  }
}

/** Expressions that compute all their operands in every row. */
const strictKinds: ReadonlySet<Expression['kind']> = new Set([
  'binary',
  'between',
  'comparison',
  'extract',
  'inList',
  'isDistinct',
  'like',
  'negate',
  'subscript',
]);

/** Calls that may leave an argument out, which could fail. */
const lazyFunctions: ReadonlySet<string> = new Set(['coalesce', 'if', 'try']);

/** Whether an expression's operands may all be computed before it, once for each row. */
export function isStrict(node: Expression, isScalarCall: (name: string) => boolean): boolean {
  if (node.kind === 'cast') return !node.isTry;
  if (node.kind !== 'call') return strictKinds.has(node.kind);
  const name = node.name.text.toLowerCase();
  return !node.over && !lazyFunctions.has(name) && isScalarCall(name);
}
