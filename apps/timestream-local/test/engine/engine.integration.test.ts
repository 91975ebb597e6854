import { systemClock } from '@highwater/service';
import { access, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EndReason } from '../../src/engine/engine-child.ts';
import { Engine } from '../../src/engine/engine.ts';
import { engineRows } from '../../src/engine/engine-rows.ts';
import { statement } from '../../src/store/change.ts';
import { Store } from '../../src/store/store.ts';
import { types } from '../../src/types/sql-type.ts';

/** A store with an engine, and the replica's file. */
async function startEngine({ isInMemory = false, memoryBytesMax = 2 ** 28, timeLimitMs = 60_000 }) {
  const directory = await mkdtemp(join(tmpdir(), 'timestream-local-engine-'));
  const store = await Store.open({
    path: isInMemory ? undefined : join(directory, 'points.duckdb'),
    memoryBytesMax: 2 ** 28,
    isStrict: false,
  });
  await store.exclusively(({ commit }) => commit([statement('CREATE TABLE numbers (x BIGINT)')]));
  const path = join(directory, 'replica');
  const ends: EndReason[] = [];
  const engine = new Engine({
    store,
    path,
    memoryBytesMax,
    isWithFunctions: false,
    clock: systemClock,
    onEnded: (reason) => ends.push(reason),
  });
  const open = (sql: string) =>
    engineRows(engine, { sql, columnTypes: [types.bigint], clock: systemClock, timeLimitMs });
  const sum = async () => {
    const rows = open('SELECT CAST(sum(x) AS BIGINT) FROM numbers');
    return JSON.parse((await rows.next())[0] ?? '[]') as unknown;
  };
  return {
    store,
    engine,
    ends,
    path,
    directory,
    open,
    sum,
    add: (from: number, to: number) =>
      store.exclusively(({ commit }) =>
        commit([
          {
            kind: 'append',
            table: 'numbers',
            isTemporary: false,
            columns: [
              {
                type: 'BIGINT',
                values: Array.from({ length: to - from + 1 }, (_, at) => BigInt(from + at)),
              },
            ],
          },
        ]),
      ),
    [Symbol.asyncDispose]: async () => {
      await engine[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
      await rm(directory, { recursive: true });
    },
  };
}

const sumTo = (n: number) => [{ ScalarValue: String((n * (n + 1)) / 2) }];

/** Rows that are never read. DuckDB can be interrupted between any two chunks of them. */
const endless =
  'SELECT CAST(count(*) AS BIGINT) FROM range(1000000) a(a), range(1000000) b(b) WHERE a * b % 7 = 3';

/** One value that takes long to compute. DuckDB does not check for interrupts within it. */
const deaf = `SELECT CAST(levenshtein(repeat('ab', 100000 + CAST(sum(x) AS BIGINT)), repeat('ba', 100000)) AS BIGINT)
  FROM numbers`;

describe.each([false, true])('a replica of a store, in memory: %s', (isInMemory) => {
  it.each([
    "SELECT CAST(count(*) AS BIGINT) FROM read_text('/etc/hostname')",
    "SELECT CAST(count(*) AS BIGINT) FROM '/etc/hostname'",
    "COPY (SELECT 1) TO '/tmp/highwater-engine'",
    "ATTACH '/tmp/highwater-engine'",
    'INSTALL httpfs',
    'SET enable_external_access = true',
  ])('can access nothing outside, whatever DuckDB is told: %s', async (sql) => {
    await using server = await startEngine({ isInMemory });
    await expect(server.open(sql).next()).rejects.toThrow();
  });

  it('has every change made before a statement', async () => {
    await using server = await startEngine({ isInMemory });
    await server.add(1, 10);
    expect(await server.sum()).toEqual(sumTo(10));
    for (let to = 20; to <= 100; to += 10) {
      await server.add(to - 9, to);
      expect(await server.sum()).toEqual(sumTo(to));
    }
  });

  it('resumes where it was when its process is killed', async () => {
    await using server = await startEngine({ isInMemory });
    await server.add(1, 100);
    expect(await server.sum()).toEqual(sumTo(100));
    for (let round = 1; round <= 3; round += 1) {
      const child = await server.engine.process();
      const adding = server.add(100 * round + 1, 100 * round + 50);
      child.kill('the test');
      await adding;
      await child.ended;
      await server.add(100 * round + 51, 100 * round + 100);
      expect(await server.sum()).toEqual(sumTo(100 * (round + 1)));
    }
    expect(server.ends).toEqual(['crash', 'crash', 'crash']);
    expect(server.engine.rowsBehind).toBe(0);
  });

  // Goal: a change that a replica cannot make is not retried forever. Method: its table is removed.
  it('is rebuilt when a change fails', async () => {
    await using server = await startEngine({ isInMemory });
    await server.add(1, 100);
    expect(await server.sum()).toEqual(sumTo(100));
    const child = await server.engine.process();
    child.send({ kind: 'change', position: 1, changes: [statement('DROP TABLE numbers')] });
    await server.add(101, 200);
    expect(await child.ended).toMatchObject({ message: expect.stringContaining('numbers') });
    await expect.poll(() => server.sum().catch(() => []), { timeout: 10_000 }).toEqual(sumTo(200));
  });

  it('is rebuilt when its file is damaged', async () => {
    await using server = await startEngine({ isInMemory });
    await server.add(1, 100);
    expect(await server.sum()).toEqual(sumTo(100));
    const child = await server.engine.process();
    child.kill('the test');
    await child.ended;
    await writeFile(server.path, 'no database');
    await server.add(101, 200);
    await expect.poll(() => server.sum().catch(() => []), { timeout: 30_000 }).toEqual(sumTo(200));
  });
});

describe('an outdated replica', () => {
  // Goal: data lost by a disk is not missing from an answer. Method: remove files of the replica
  // while no process has them open.
  it.each(['', '.wal'])('is copied again when its file %j is missing', async (part) => {
    await using server = await startEngine({});
    await server.add(1, 100);
    expect(await server.sum()).toEqual(sumTo(100));
    await server.add(101, 200);
    expect(await server.sum()).toEqual(sumTo(200));
    await expect.poll(() => server.engine.rowsBehind).toBe(0);
    const child = await server.engine.process();
    child.kill('the test');
    // Before the next process can have opened it.
    await rm(`${server.path}${part}`);
    await child.ended;
    await expect.poll(() => server.sum().catch(() => []), { timeout: 30_000 }).toEqual(sumTo(200));
  });

  // Goal: a full disk needs no restart, and no answer lacks durable data. Method: DuckDB aborts a
  // checkpoint, as without space. The commit before it is durable, but nobody was notified.
  it('is copied again when the store had to reopen its file', async () => {
    await using server = await startEngine({});
    await server.add(1, 100);
    expect(await server.sum()).toEqual(sumTo(100));
    await server.store.exclusively(async ({ connection }) => {
      await connection.run(`SET GLOBAL debug_checkpoint_abort = 'before_header'`);
      await connection.run(`SET GLOBAL checkpoint_threshold = '1KB'`);
    });
    await expect(server.add(101, 1_000)).rejects.toThrow('COMMIT succeeded and is durable');
    await server.add(1_001, 1_100);
    const total = sumTo(1_100);
    await expect.poll(() => server.sum().catch(() => []), { timeout: 30_000 }).toEqual(total);
  });
});

describe('a statement whose process ends', () => {
  it('is computed once more if it has returned no row yet', async () => {
    await using server = await startEngine({});
    await server.add(1, 10);
    const child = await server.engine.process();
    const sums = [server.sum(), server.sum()];
    child.kill('the test');
    expect(await Promise.all(sums)).toEqual([sumTo(10), sumTo(10)]);
  });

  it('fails if it has returned some rows', async () => {
    await using server = await startEngine({});
    await server.add(1, 10_000);
    const rows = server.open('SELECT x FROM numbers');
    expect((await rows.next()).length).toBeGreaterThan(0);
    const child = await server.engine.process();
    child.kill('the test');
    await child.ended;
    await expect(rows.next()).rejects.toThrow('The query engine has ended: the test');
  });
});

describe('a statement that is interrupted', () => {
  it('ends, and its process continues', async () => {
    await using server = await startEngine({});
    const child = await server.engine.process();
    const rows = server.open(endless);
    const failed = rows.next().catch((error: unknown) => String(error));
    rows.interrupt();
    expect(await failed).toContain('Interrupted');
    expect(await server.engine.process()).toBe(child);
  });

  // Goal: a statement that ignores its interrupt blocks nothing forever. Method: one value that
  // takes minutes.
  it('ends with its process if it continues', async () => {
    await using server = await startEngine({ timeLimitMs: 500 });
    await server.add(1, 10);
    expect(await server.sum()).toEqual(sumTo(10));
    const rows = server.open(deaf);
    const failed = rows.next().catch((error: unknown) => String(error));
    // A statement after it is answered, so it is computing.
    for (let round = 0; round < 5; round += 1) expect(await server.sum()).toEqual(sumTo(10));
    rows.interrupt();
    expect(await failed).toContain('a query continued after it was stopped');
    expect(await server.sum()).toEqual(sumTo(10));
    expect(server.ends).toEqual(['time']);
  });
});

describe('a statement that takes too much memory', () => {
  it('fails, whatever uses the memory, and the next one is computed', async () => {
    await using server = await startEngine({ memoryBytesMax: 2 ** 27 });
    await server.add(1, 10);
    // DuckDB does not count texts within an expression.
    const rows = server.open(
      `SELECT CAST(sum(len(array_to_string(list_transform(range(2000), lambda i: rpad('a', 1000000, CAST(i + x AS VARCHAR))), ''))) AS BIGINT) FROM numbers`,
    );
    expect(await rows.next().catch((error: unknown) => String(error))).toMatch(
      /Out of Memory|ended by SIGKILL/,
    );
    expect(await server.sum()).toEqual(sumTo(10));
    expect(server.ends.filter((reason) => reason !== 'memory')).toEqual([]);
  });
});

describe('an engine that is disposed', () => {
  it('leaves no file and no process', async () => {
    const server = await startEngine({});
    await server.add(1, 10);
    expect(await server.sum()).toEqual(sumTo(10));
    const child = await server.engine.process();
    await access(server.path);
    await server.engine[Symbol.asyncDispose]();
    await child.ended;
    const left = await readdir(server.directory);
    expect(left.filter((name) => name.startsWith('replica'))).toEqual([]);
    await server[Symbol.asyncDispose]();
  });
});
