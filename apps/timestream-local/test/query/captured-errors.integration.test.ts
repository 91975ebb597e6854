import { beforeAll, describe, expect, it } from 'vitest';
import { startFixture, type Fixture } from '../fixture.ts';

let server: Fixture;

beforeAll(async () => {
  server = await startFixture();
  return () => server[Symbol.asyncDispose]();
});

// Goal: programs that parse the service's messages can parse this server's, too. Method: statements
// with one mistake each. The messages are those that people have reported from the service, or
// follow their pattern.
describe('a mistake is reported in the words of the service', () => {
  it.each([
    ['SELECT vehicleName FROM "dbx"."tab"', `line 1:8: Column 'vehicleName' does not exist`],
    ['SELECT t.x FROM "dbx"."tab" t', `line 1:9: Column 't.x' does not exist`],
    ['SELECT\n  1,\n  FROM "dbx"."tab"', 'The query syntax is invalid at line 3:3'],
    ['SELECT * FORM x', 'The query syntax is invalid at line 1:10'],
    [`SELECT 'open`, 'The query syntax is invalid at line 1:8'],
    ['SELECT `x`', 'The query syntax is invalid at line 1:8'],
    ['SELECT 5weeks', 'The query syntax is invalid at line 1:8'],
    ['SELECT 1 1', 'The query syntax is invalid at line 1:10'],
    ['SHOW FRIENDS', 'The query syntax is invalid at line 1:6'],
    [
      'SELECT * FROM "abc"."sampleDB" LIMIT 10',
      `Requested database 'abc' not found for identifier 'abc.sampleDB' at line 1:15`,
    ],
    [
      'SELECT * FROM "dbx"."none"',
      `Requested table 'none' not found for identifier 'dbx.none' at line 1:15`,
    ],
    [
      'DESCRIBE "abc"."tab"',
      `Requested database 'abc' not found for identifier 'abc.tab' at line 1:1`,
    ],
    [
      'SHOW TABLES FROM abc',
      `Requested database 'abc' not found for identifier 'abc' at line 1:18`,
    ],
    [
      'SELECT 1 WHERE true AND 1h',
      'line 1:25: Right side of logical expression must evaluate to a boolean (actual: interval day to second)',
    ],
    [
      'SELECT 1 WHERE 1h OR true',
      'line 1:16: Left side of logical expression must evaluate to a boolean (actual: interval day to second)',
    ],
  ])('%s', async (statement, message) => {
    await expect(server.ask(statement)).rejects.toMatchObject({
      name: 'ValidationException',
      message,
    });
  });
});
