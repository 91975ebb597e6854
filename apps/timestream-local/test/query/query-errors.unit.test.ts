import { describe, expect, it } from 'vitest';
import { queryError } from '../../src/query/query-errors.ts';
import { markOwnWords } from '../../src/udf/own-words.ts';

describe('queryError', () => {
  it.each([
    ['Binder Error: frob q1', 'ValidationException', /statement is not supported here/],
    ['Failed to extract statements: Parser Error: frob', 'ValidationException', /not supported/],
    [
      'Conversion Error: frob INT64\n\nLINE 1: SELECT',
      'QueryExecutionException',
      /failed on a value/,
    ],
    ['frob', 'InternalServerException', /^The server failed to run the query\.$/],
  ])('writes unknown messages only to the log: %s', (words, name, message) => {
    const cause = new Error(words);
    const error = queryError(cause);
    expect(error.name).toBe(name);
    expect(error.message).toMatch(message);
    expect(error.cause).toBe(cause);
    expect(error.isVague || error.status === 500).toBe(true);
  });

  it("passes on messages of this server's own functions", () => {
    const words = 'Cannot cast "Binder Error: x" to bigint';
    const error = queryError(new Error(`Invalid Input Error: ${markOwnWords(words)}`));
    expect([error.name, error.message, error.isVague]).toEqual([
      'QueryExecutionException',
      words,
      false,
    ]);
  });
});
