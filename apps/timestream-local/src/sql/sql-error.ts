/** A place in a statement; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface SqlErrorOptions extends ErrorOptions {
  /** Whether the place goes before the problem or after it: real answers have both. @default 'first' */
  readonly place?: 'first' | 'last' | undefined;
}

/** A problem of a statement with its position, in the words of the service's engine. */
export class SqlError extends Error {
  override readonly name = 'SqlError';
  readonly at: Position;

  constructor(at: Position, problem: string, { place = 'first', cause }: SqlErrorOptions = {}) {
    const where = `line ${at.line}:${at.column}`;
    const message = place === 'first' ? `${where}: ${problem}` : `${problem} at ${where}`;
    super(message, cause === undefined ? {} : { cause });
    this.at = at;
  }
}
