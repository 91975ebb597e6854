import type { Expression, Name, Query, SortItem } from '../ast/nodes.ts';
import { SqlError, type Position } from '../sql-error.ts';
import { syntaxError } from '../syntax-error.ts';
import type { Token } from '../token.ts';
import { isReserved } from './reserved-words.ts';

/** The parts of the grammar that contain each other. */
export interface Grammar {
  readonly expression: (cursor: Cursor) => Expression;
  /** An expression without predicates, so that `IN` ends it. */
  readonly value: (cursor: Cursor) => Expression;
  readonly query: (cursor: Cursor) => Query;
  /** A query that continues after its first operand, which is a query in parentheses. */
  readonly queryAfter: (cursor: Cursor, first: Query) => Query;
  readonly sortItems: (cursor: Cursor) => readonly SortItem[];
}

/** Far more than people write, and far less than the stack holds. */
const depthMax = 150;
/** Queries that build on each other make a plan as deep, and DuckDB walks it on its stack. */
const queriesMax = 500;

/** The position of a parser in the tokens of a statement. */
export class Cursor {
  readonly grammar: Grammar;
  readonly #tokens: readonly Token[];
  #index = 0;
  #depth = 0;
  #queries = 0;

  constructor(tokens: readonly Token[], grammar: Grammar) {
    this.#tokens = tokens;
    this.grammar = grammar;
  }

  /** Call this for each SELECT and VALUES of the statement. */
  countQuery(): void {
    this.#queries += 1;
    if (this.#queries <= queriesMax) return;
    throw new SqlError(this.at, `more than ${queriesMax} queries in a statement`);
  }

  get token(): Token {
    return this.peek(0);
  }

  get at(): Position {
    return this.token.at;
  }

  peek(ahead: number): Token {
    const token = this.#tokens[Math.min(this.#index + ahead, this.#tokens.length - 1)];
    if (!token) throw new RangeError('reading a token: there is not even an end');
    return token;
  }

  next(): Token {
    const { token } = this;
    this.#index += 1;
    return token;
  }

  isSymbol(symbol: string, ahead = 0): boolean {
    const { kind, text } = this.peek(ahead);
    return kind === 'symbol' && text === symbol;
  }

  isKeyword(keyword: string, ahead = 0): boolean {
    const { kind, upper } = this.peek(ahead);
    return kind === 'word' && upper === keyword;
  }

  /** Takes the keywords if all of them come next. */
  acceptKeywords(...keywords: readonly string[]): boolean {
    if (!keywords.every((keyword, ahead) => this.isKeyword(keyword, ahead))) return false;
    this.#index += keywords.length;
    return true;
  }

  /** Takes the first of the keywords that comes next. */
  acceptOneOf<K extends string>(...keywords: readonly K[]): K | undefined {
    return keywords.find((keyword) => this.acceptKeywords(keyword));
  }

  acceptSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.#index += 1;
    return true;
  }

  expectKeywords(...keywords: readonly string[]): void {
    for (const keyword of keywords) {
      if (!this.acceptKeywords(keyword)) throw this.mismatch(`'${keyword}'`);
    }
  }

  expectSymbol(symbol: string): void {
    if (!this.acceptSymbol(symbol)) throw this.mismatch(`'${symbol}'`);
  }

  /** Whether a name comes next: a quoted one, or a word that is not reserved. */
  isName(ahead = 0): boolean {
    const { kind, upper } = this.peek(ahead);
    return kind === 'quoted' || (kind === 'word' && !isReserved(upper));
  }

  name(): Name {
    if (!this.isName()) throw this.mismatch('<identifier>');
    const { kind, text, at } = this.next();
    if (kind === 'quoted' && text === '') {
      throw syntaxError(at, 'Zero-length delimited identifier not allowed');
    }
    return { text, isQuoted: kind === 'quoted', at };
  }

  string(): string {
    if (this.token.kind !== 'string') throw this.mismatch('<string>');
    return this.next().text;
  }

  integer(): string {
    if (this.token.kind !== 'integer') throw this.mismatch('<integer>');
    return this.next().text;
  }

  /** One or more, with commas between. */
  list<T>(item: () => T): readonly T[] {
    const items = [item()];
    while (this.acceptSymbol(',')) items.push(item());
    return items;
  }

  /** One or more in brackets. */
  bracketed<T>(item: () => T): readonly T[] {
    this.expectSymbol('(');
    const items = this.list(item);
    this.expectSymbol(')');
    return items;
  }

  /** Runs a rule that may contain itself. */
  nested<T>(rule: () => T): T {
    this.#depth += 1;
    if (this.#depth > depthMax) {
      throw new SqlError(this.at, `the statement is nested more than ${depthMax} levels deep`);
    }
    const result = rule();
    this.#depth -= 1;
    return result;
  }

  mismatch(expected: string): SqlError {
    const { text, at, kind } = this.token;
    const shown = kind === 'quoted' ? `"${text}"` : kind === 'string' ? `'${text}'` : text;
    return syntaxError(at, `mismatched input '${shown.slice(0, 100)}'. Expecting: ${expected}`);
  }
}
