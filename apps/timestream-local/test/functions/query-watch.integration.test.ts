import { describe, expect, it } from 'vitest';
import { openUdfs } from './udf-fixture.ts';

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: unknown) => String(error),
  );

const heavy = `SELECT hw_levenshtein_distance(repeat('ab', 400), repeat('ba', 400) || i) FROM range(10) AS t(i)`;

describe('a query that was stopped', () => {
  it('ends between the rows of a batch', async () => {
    let asked = 0;
    using duck = await openUdfs({
      mayRun: () => {
        asked += 1;
        return asked < 3;
      },
    });
    expect(await failure(duck.columns(heavy))).toContain('Query was stopped');
    expect(asked).toBe(3);
  });

  it('is identified by its connection', async () => {
    const connections = new Set<number>();
    using duck = await openUdfs({
      mayRun: (connectionId) => {
        connections.add(connectionId);
        return true;
      },
    });
    expect(await failure(duck.columns(heavy))).toBe('ok');
    expect(connections.size).toBe(1);
  });
});

describe('a process that has grown too much', () => {
  it('has no space for growing results', async () => {
    using duck = await openUdfs({ growthBytesMax: 1_000 });
    const sql = `SELECT hw_room('replace exceeds ? bytes', 100000000, 1e12, 1e12)`;
    expect(await failure(duck.columns(sql))).toContain('Query exceeded the memory limit.');
  });
});
