import type { Position } from './sql-error.ts';

/**
 * `word`: a keyword or a plain name. `quoted`: a name in double quotes. `duration`: an interval
 * literal such as `5m`. `parameter`: `@name`. `symbol`: an operator or punctuation.
 */
export type TokenKind =
  | 'word'
  | 'quoted'
  | 'string'
  | 'integer'
  | 'decimal'
  | 'duration'
  | 'parameter'
  | 'symbol'
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** Without quotes, and with doubled quotes reduced to one; words as written. */
  readonly text: string;
  /** Words in upper case, for comparison with keywords; otherwise the same as `text`. */
  readonly upper: string;
  readonly at: Position;
}
