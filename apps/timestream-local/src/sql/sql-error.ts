/** A place in a statement; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What is wrong with a statement, and where, as the service's engine words it. */
export class SqlError extends Error {
  override readonly name = 'SqlError';
  readonly at: Position;

  constructor(at: Position, problem: string) {
    super(`line ${at.line}:${at.column}: ${problem}`);
    this.at = at;
  }
}
