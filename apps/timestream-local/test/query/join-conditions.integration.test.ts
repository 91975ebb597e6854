import { beforeAll, describe, expect, it } from 'vitest';
import { startFixture, type Fixture } from '../fixture.ts';

let server: Fixture;

beforeAll(async () => {
  server = await startFixture();
  return () => server[Symbol.asyncDispose]();
});

const a = '(VALUES 1, 2) AS a (x)';
const b = '(VALUES 1, 3) AS b (x)';
const c = '(VALUES 1, 2, 3) AS c (x)';

const answer = async (sql: string): Promise<unknown> => {
  try {
    return await server.query(sql);
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
};

describe('a join with values from outside', () => {
  it.each([
    [
      'FULL',
      'a.x IN (SELECT 1)',
      [
        ['1', '1'],
        ['1', '3'],
        ['2', null],
      ],
    ],
    [
      'FULL',
      'a.x IN (SELECT 1) AND b.x IN (SELECT 3)',
      [
        ['1', '3'],
        ['2', null],
        [null, '1'],
      ],
    ],
    [
      'FULL',
      'a.x = b.x AND EXISTS (SELECT 1)',
      [
        ['1', '1'],
        ['2', null],
        [null, '3'],
      ],
    ],
    [
      'FULL',
      '1.5 = ANY (SELECT NULL)',
      [
        ['1', null],
        ['2', null],
        [null, '1'],
        [null, '3'],
      ],
    ],
    [
      'FULL',
      'b.x = (SELECT max(d.x) FROM (VALUES 1, 0) AS d (x) WHERE d.x < a.x)',
      [
        ['1', null],
        ['2', '1'],
        [null, '3'],
      ],
    ],
    [
      'LEFT',
      'a.x IN (SELECT 1)',
      [
        ['1', '1'],
        ['1', '3'],
        ['2', null],
      ],
    ],
    [
      'LEFT',
      'b.x IN (SELECT 3)',
      [
        ['1', '3'],
        ['2', '3'],
      ],
    ],
    [
      'RIGHT',
      'a.x = (SELECT 1) AND b.x IN (SELECT 3)',
      [
        ['1', '3'],
        [null, '1'],
      ],
    ],
    [
      'RIGHT',
      'cardinality(filter(ARRAY[a.x], n -> n = b.x)) = (SELECT 1)',
      [
        ['1', '1'],
        [null, '3'],
      ],
    ],
  ] as const)('accepts subqueries over one side: %s JOIN … ON %s', async (type, on, rows) => {
    expect(
      await answer(`SELECT a.x, b.x FROM ${a} ${type} JOIN ${b} ON ${on} ORDER BY 1, 2`),
    ).toEqual(rows);
  });

  it('rejects subqueries over both sides, and over UNNEST', async () => {
    expect(await answer(`SELECT 1 FROM ${a} LEFT JOIN ${b} ON a.x = ANY (SELECT b.x)`)).toBe(
      'line 1:78: Subquery in the condition of a LEFT join cannot refer to columns of both sides',
    );
    expect(
      await answer(`SELECT 1 FROM ${a} LEFT JOIN UNNEST(ARRAY[a.x]) AS u (y) ON y IN (SELECT 1)`),
    ).toBe(
      'line 1:1: subqueries in the condition of a join with UNNEST or LATERAL are not supported',
    );
  });
});

describe('the right side of a join', () => {
  it.each([
    [`${a} JOIN ${b} JOIN ${c} ON c.x = b.x ON a.x = b.x`, [['1', '1', '1']]],
    [
      `${a} FULL JOIN ${b} LEFT JOIN ${c} ON c.x = b.x ON a.x = c.x`,
      [
        ['1', '1', '1'],
        ['2', null, null],
        [null, '3', '3'],
      ],
    ],
    [`${a} JOIN ${b} CROSS JOIN (VALUES 7) AS c (x) ON a.x = b.x`, [['1', '1', '7']]],
    [`${a} JOIN ${b} ON a.x = b.x JOIN ${c} ON c.x = a.x`, [['1', '1', '1']]],
  ] as const)('may be a join without parentheses: %s', async (from, rows) => {
    expect(await answer(`SELECT a.x, b.x, c.x FROM ${from} ORDER BY 1, 2`)).toEqual(rows);
  });

  it('cannot be nested without limit', async () => {
    const from = `${'a JOIN '.repeat(5_000)}a${' ON true'.repeat(5_000)}`;
    expect(await answer(`SELECT 1 FROM ${from}`)).toMatch(/nested|syntax/);
  });
});
