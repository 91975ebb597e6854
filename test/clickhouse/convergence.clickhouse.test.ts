import type { OpenStore, Row } from '@highwater/model';
import { SeededRandom } from '@highwater/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openReader, openTable } from './clickhouse-fixture.ts';
import { startLossyProxy, type LossyProxy } from './lossy-proxy.ts';
import { temporaryEngine, type TemporaryEngine } from './temporary-engine.ts';

const writersCount = 4;
const identitiesCount = 2_500;
const versionsPerIdentity = 5;
const restartsCount = 3;
const minuteMs = 60_000;
const { signal } = new AbortController();

const stack = new AsyncDisposableStack();
const random = new SeededRandom('clickhouse-convergence');
let engine: TemporaryEngine;
let proxy: LossyProxy;

beforeAll(async () => {
  engine = stack.use(await temporaryEngine());
  const isInsert = (url = '') => url.includes('INSERT');
  proxy = stack.use(
    await startLossyProxy(
      () => engine.port,
      ({ url }) => isInsert(url) && random.chance(0.2),
    ),
  );
});
afterAll(() => stack.disposeAsync());

interface Wanted {
  readonly host: string;
  readonly timeMs: number;
  readonly value: number;
}

const startMs = Math.floor(Date.now() / minuteMs) * minuteMs - 60 * minuteMs;

/** Rows of one identity, lowest version first, and what has to be there in the end. */
function anyVersions(index: number): { readonly rows: readonly Row[]; readonly wanted: Wanted } {
  const host = `host-${index % 50}`;
  const timeMs = startMs + Math.floor(index / 50) * minuteMs;
  const versions = Array.from({ length: versionsPerIdentity }, () => random.int(1, 1_000_000));
  const rows = versions
    .toSorted((a, b) => a - b)
    .map((version): Row => ({
      measureName: 'cpu',
      measureValueType: 'DOUBLE',
      measureValue: String(version / 7),
      dimensions: [
        { name: 'host', value: host },
        { name: 'region', value: `r${index % 3}` },
      ],
      time: String(timeMs),
      timeUnit: 'MILLISECONDS',
      version,
    }));
  return { rows, wanted: { host, timeMs, value: Number(rows.at(-1)?.measureValue) } };
}

/** Random batches, some of them under way at the same time, each of them twice. */
async function writeAll(store: OpenStore, rows: readonly Row[], begun: () => void): Promise<void> {
  const batches: (readonly Row[])[] = [];
  for (let start = 0; start < rows.length;) {
    const end = start + random.int(1, 300);
    batches.push(rows.slice(start, end), rows.slice(start, end));
    start = end;
  }
  for (const batch of random.shuffle(batches)) {
    begun();
    for (const outcome of await store.write(batch, signal)) {
      expect(['written', 'already_newer']).toContain(outcome.status);
    }
  }
}

// Goal: the highest version of each row is what a reader sees, whatever happened on the way. Method:
// 12,500 random versions of 2,500 rows, in random order from four writers, every batch twice; one of
// five inserts is done without its reply arriving, and the engine is killed and started again meanwhile.
describe('four writers, with lost replies and an engine that is killed', () => {
  it('end with the highest version of every row', async () => {
    const all = Array.from({ length: identitiesCount }, (_, index) => anyVersions(index));
    const shares = Array.from({ length: writersCount }, () => [] as Row[]);
    for (const { rows } of all) for (const row of rows) random.pick(shares).push(row);
    expect(shares.flat().length).toBeGreaterThan(10_000);

    let begunCount = 0;
    const stores = await Promise.all(
      shares.map(async () => stack.use(await openTable(proxy, 'raw'))),
    );
    const writing = Promise.all(
      shares.map((share, index) =>
        writeAll(stores[index] as OpenStore, random.shuffle(share), () => begunCount++),
      ),
    );
    for (let restart = 1; restart <= restartsCount; restart++) {
      await expect.poll(() => begunCount).toBeGreaterThanOrEqual(restart * 40);
      await engine.restart();
    }
    await writing;
    expect(proxy.lostCount).toBeGreaterThan(0);

    await using reader = openReader(engine);
    const choice = { measure: 'cpu', fromMs: 0, toMs: Date.now(), filters: {}, by: 'host' };
    const { items } = await reader.points(choice, { rowsMax: 100_000, signal });
    const found = items.map(({ group, timeMs, value }) => ({ host: group, timeMs, value }));
    const order = ({ host, timeMs }: Wanted) => `${timeMs} ${host}`;
    const sorted = (rows: readonly Wanted[]) =>
      rows.toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
    expect(sorted(found)).toEqual(sorted(all.map(({ wanted }) => wanted)));
  });
});
