import { isDurationUnit } from './duration-units.ts';
import type { Position, SqlError } from './sql-error.ts';
import { syntaxError } from './syntax-error.ts';
import type { Token, TokenKind } from './token.ts';

/** One alternative each; the first that matches at a place wins. */
const pattern = new RegExp(
  [
    String.raw`(?<blank>\s+|--[^\n]*|/\*[\s\S]*?\*/)`,
    String.raw`(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?<letters>[A-Za-z_]\w*)?)`,
    String.raw`(?<word>[\p{L}_][\p{L}\p{Nd}_]*)`,
    String.raw`"(?<quoted>(?:[^"]|"")*)"`,
    String.raw`'(?<string>(?:[^']|'')*)'`,
    String.raw`@(?<parameter>\w+)`,
    String.raw`(?<symbol>::|->|=>|<>|!=|<=|>=|\|\||[-+*/%=<>(),.;?[\]:])`,
  ].join('|'),
  'uy',
);

/**
 * Splits a statement into tokens; the last one is the end.
 *
 * A number directly followed by a unit is one token, so that `5m` can never be read as `5 AS m`.
 *
 * @throws {SqlError} at a character that starts no token
 */
export function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  const place = new Place(sql);
  const matcher = new RegExp(pattern);
  while (matcher.lastIndex < sql.length) {
    const start = matcher.lastIndex;
    const at = place.of(start);
    const match = matcher.exec(sql);
    if (!match?.groups) throw unknownCharacter(sql, start, at);
    const { blank, number, letters, word, quoted, string, parameter, symbol } = match.groups;
    if (blank !== undefined) continue;
    const add = (kind: TokenKind, text: string) => {
      tokens.push({ kind, text, upper: kind === 'word' ? text.toUpperCase() : text, at });
    };
    if (number !== undefined) add(numberKind(number, letters, at), number);
    else if (word !== undefined) add('word', word);
    else if (quoted !== undefined) add('quoted', quoted.replaceAll('""', '"'));
    else if (string !== undefined) add('string', string.replaceAll("''", "'"));
    else if (parameter !== undefined) add('parameter', parameter);
    else add('symbol', symbol === '!=' ? '<>' : (symbol ?? ''));
  }
  tokens.push({ kind: 'end', text: '<EOF>', upper: '<EOF>', at: place.of(sql.length) });
  return tokens;
}

function numberKind(number: string, letters: string | undefined, at: Position): TokenKind {
  if (letters === undefined) return /^\d+$/.test(number) ? 'integer' : 'decimal';
  const digits = number.slice(0, -letters.length);
  if (!/e/i.test(digits) && isDurationUnit(letters.toLowerCase())) return 'duration';
  throw syntaxError(
    at,
    `identifiers must not start with a digit; surround the identifier with double quotes, ` +
      `or use a valid interval unit: '${number.slice(0, 50)}'`,
  );
}

function unknownCharacter(sql: string, start: number, at: Position): SqlError {
  const character = String.fromCodePoint(sql.codePointAt(start) ?? 0);
  if (character === '`') {
    return syntaxError(
      at,
      'backquoted identifiers are not supported; use double quotes to quote identifiers',
    );
  }
  if (character === "'" || character === '"') {
    return syntaxError(at, `mismatched input '${character}': the quote is never closed`);
  }
  if (sql.startsWith('/*', start)) return syntaxError(at, 'the comment is never closed');
  return syntaxError(at, `mismatched input '${character}'`);
}

/** Follows lines while it is asked for ever later offsets. */
class Place {
  readonly #sql: string;
  #line = 1;
  #lineStart = 0;
  #next: number;

  constructor(sql: string) {
    this.#sql = sql;
    this.#next = sql.indexOf('\n');
  }

  of(offset: number): Position {
    while (this.#next !== -1 && this.#next < offset) {
      this.#line += 1;
      this.#lineStart = this.#next + 1;
      this.#next = this.#sql.indexOf('\n', this.#lineStart);
    }
    return { line: this.#line, column: offset - this.#lineStart + 1 };
  }
}
