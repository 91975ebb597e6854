import { describe, expect, it } from 'vitest';
import { OpenQuery } from '../../src/query/open-query.ts';
import { OpenQueries } from '../../src/query/open-queries.ts';
import type { RowSource } from '../../src/query/row-source.ts';

const row = (value: number): string => JSON.stringify([{ ScalarValue: String(value) }]);

/** A source that computes until it is interrupted. */
class EndlessSource implements RowSource {
  isClosed = false;
  readonly #interrupted = Promise.withResolvers<never>();

  next(): Promise<readonly string[]> {
    return this.#interrupted.promise;
  }

  interrupt(): void {
    this.#interrupted.reject(new Error('INTERRUPT Error: Interrupted!'));
  }

  close(): void {
    this.isClosed = true;
  }
}

/** Chunks of rows, one after another. */
function chunks(...sizes: readonly number[]): RowSource & { isClosed: boolean } {
  const left = [...sizes];
  return {
    isClosed: false,
    next: () => Promise.resolve(Array.from({ length: left.shift() ?? 0 }, (_, at) => row(at))),
    interrupt: () => undefined,
    close() {
      this.isClosed = true;
    },
  };
}

const open = (source: RowSource, id = 'Q') =>
  new OpenQuery({ id, text: 'SELECT 1', columns: [], source, isMetadata: false });

const read = async (query: OpenQuery, rowsMax: number | undefined, isFirst: boolean) => {
  await query.fill(rowsMax);
  return query.take(rowsMax, isFirst);
};

describe('a query that computes', () => {
  it('ends its read when it is cancelled', async () => {
    const source = new EndlessSource();
    const query = open(source);
    const reading = read(query, undefined, true);
    query.stop('cancelled');
    await expect(reading).rejects.toThrow('Interrupted');
    expect(query.stopped).toBe('cancelled');
  });

  it('keeps the first reason for its stop', () => {
    const query = open(chunks(1));
    query.stop('timeout');
    query.stop('cancelled');
    expect(query.stopped).toBe('timeout');
  });

  it('closes its source at the last page, or immediately when nothing is being read', async () => {
    const [whole, part] = [chunks(2, 3), chunks(2, 3)];
    const all = open(whole);
    expect((await read(all, undefined, true)).rows).toHaveLength(5);
    expect(whole.isClosed).toBe(true);
    const left = open(part);
    await read(left, 1, true);
    left.stop('cancelled');
    expect(part.isClosed).toBe(true);
    await expect(read(left, 1, false)).rejects.toThrow('Query was canceled.');
  });
});

describe('results that are open', () => {
  const hourMs = 3_600_000;

  async function openOne(queries: OpenQueries, id: string) {
    const source = chunks(3);
    const query = open(source, id);
    queries.add(query);
    const given = queries.give(query, await read(query, 1, true), () => 'token');
    return { source, token: given.nextToken ?? '' };
  }

  it('are forgotten an hour after their last use', async () => {
    const clock = { nowMs: 0 };
    const queries = new OpenQueries(() => clock.nowMs);
    const old = await openOne(queries, 'OLD');
    const used = await openOne(queries, 'USED');
    clock.nowMs = hourMs / 2;
    expect(queries.claim(used.token)).toBeDefined();
    clock.nowMs = hourMs + 1;
    await openOne(queries, 'NEW');
    expect(queries.claim(old.token)).toBeUndefined();
    expect(old.source.isClosed).toBe(true);
    expect(queries.claim(used.token)).toBeDefined();
  });

  it('are limited to 64: the one unused for longest is dropped', async () => {
    const queries = new OpenQueries(() => 0);
    const all = [];
    for (let at = 0; at <= 64; at += 1) all.push(await openOne(queries, `Q${at}`));
    const [first, second] = all;
    expect(queries.claim(first?.token ?? '')).toBeUndefined();
    expect(first?.source.isClosed).toBe(true);
    expect(queries.claim(second?.token ?? '')).toBeDefined();
  });
});
