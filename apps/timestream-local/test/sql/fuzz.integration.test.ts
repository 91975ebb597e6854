import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { point, startFixture, type Fixture } from '../fixture.ts';
import { foreignWords } from '../query/foreign-words.ts';
import { anyExpression, anyStatement } from './arbitraries.ts';
import { printExpression, printStatement } from './print-sql.ts';
import { statements } from './statements.ts';

/** The server aborts a query after a minute. A longer silence means that it never answers. */
const answerMsMax = 120_000;

let server: Fixture;

beforeAll(async () => {
  server = await startFixture();
  await server.write([point('1'), point('2', { Dimensions: [{ Name: 'host', Value: 'h2' }] })]);
  return () => server[Symbol.asyncDispose]();
});

/** `ok`, or the name of the exception. An answer that takes too long is neither. */
async function outcome(sql: string): Promise<string> {
  const late = AbortSignal.timeout(answerMsMax);
  const asked = server.ask(sql).then(
    () => 'ok',
    (error: unknown) =>
      error instanceof Error ? `${error.name}: ${error.message}` : String(error),
  );
  const tooLate = new Promise<string>((resolve) => {
    late.addEventListener('abort', () => resolve('no answer'), { once: true });
  });
  return Promise.race([asked, tooLate]);
}

/**
 * Every exception that the service may return about a statement; in particular, no server failure.
 */
const allowed = /^(ok$|ValidationException|QueryExecutionException)/;

function expectAllowed(answer: string): void {
  expect(answer).toMatch(allowed);
  expect(answer).not.toMatch(foreignWords);
}

/** Cuts, doubles, swaps, or replaces a part of a statement. */
const mutation = fc.record({
  statement: fc.constantFrom(...statements),
  edits: fc.array(
    fc.record({
      at: fc.nat(400),
      length: fc.nat(12),
      insert: fc.oneof(
        fc.constantFrom(
          '(',
          ')',
          "'",
          '"',
          ',',
          '->',
          '::',
          '5m',
          'NULL',
          'SELECT',
          '*',
          '@x',
          '/*',
        ),
        fc.string({ maxLength: 4, unit: 'binary' }),
        fc.constant(''),
      ),
    }),
    { minLength: 1, maxLength: 4 },
  ),
});

function mutate({ statement, edits }: { statement: string; edits: readonly Edit[] }): string {
  return edits.reduce((text, { at, length, insert }) => {
    const from = at % (text.length + 1);
    return `${text.slice(0, from)}${insert}${text.slice(from + length)}`;
  }, statement);
}

interface Edit {
  readonly at: number;
  readonly length: number;
  readonly insert: string;
}

// Goal: every statement, however broken, is answered with a result or an exception about the
// statement itself in the words of the service, and none blocks the server. Method: random trees of
// the grammar, and real statements with random damage, each sent over the socket.
describe('a server that receives nonsense', () => {
  it('knows its own statements', async () => {
    for (const statement of statements)
      expect([statement, await outcome(statement)]).toEqual([statement, 'ok']);
  });

  it('answers damaged statements', async () => {
    await fc.assert(
      fc.asyncProperty(mutation, async (damaged) => {
        const sql = mutate(damaged);
        fc.pre(sql !== '');
        expectAllowed(await outcome(sql));
      }),
      { numRuns: 1_000 },
    );
  });

  it('answers random queries and expressions', async () => {
    const sql = fc.oneof(
      anyStatement.map(printStatement),
      anyExpression.map((expression) => `SELECT ${printExpression(expression)}`),
    );
    await fc.assert(
      fc.asyncProperty(sql, async (text) => {
        fc.pre(text.length < 20_000);
        expectAllowed(await outcome(text));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['brackets', '('.repeat(5_000)],
    ['a deep expression', `SELECT ${'('.repeat(5_000)}1${')'.repeat(5_000)}`],
    ['a long sum', `SELECT ${'1+'.repeat(20_000)}1`],
    ['a long condition', `SELECT ${Array.from({ length: 5_000 }, () => '1 = 1').join(' OR ')}`],
    ['signs', `SELECT ${'- '.repeat(20_000)}1`],
    ['NOTs', `SELECT ${'NOT '.repeat(20_000)}true`],
    ['a list', `SELECT 1 WHERE 1 IN (${Array.from({ length: 20_000 }, (_, i) => i).join(', ')})`],
    ['functions in functions', `SELECT ${'substr('.repeat(100)}'a'${', 1)'.repeat(100)}`],
    [
      'joins',
      `SELECT 1 FROM ${Array.from({ length: 300 }, (_, i) => `(SELECT 1) t${i}`).join(', ')}`,
    ],
    ['UNIONs', Array.from({ length: 300 }, () => 'SELECT 1').join(' UNION ALL ')],
    ['digits', `SELECT ${'9'.repeat(50_000)}`],
    ['an open comment', `SELECT 1 /* ${'x'.repeat(50_000)}`],
  ])('answers %s', async (_title, sql) => {
    expectAllowed(await outcome(sql));
    expect(await outcome('SELECT 1')).toBe('ok');
  });
});
