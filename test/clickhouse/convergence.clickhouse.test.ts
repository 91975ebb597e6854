import { SeededRandom } from '@highwater/testkit';
import { expect, it } from 'vitest';
import { expectConvergence } from '../store-contract/convergence.ts';
import { startLossyProxy } from '../store-contract/lossy-proxy.ts';
import { readAllRaw } from '../store-contract/read-all.ts';
import { openReader, openTable } from './clickhouse-fixture.ts';
import { temporaryEngine } from './temporary-engine.ts';

// Goal: a reader sees the highest version of every row, whatever happened on the way. Method: see
// `expectConvergence`; one of five inserts is done without its reply arriving.
it('ClickHouse has the highest version of every row whatever happens on the way', async () => {
  await using stack = new AsyncDisposableStack();
  const engine = stack.use(await temporaryEngine());
  const random = new SeededRandom('lost replies');
  const proxy = stack.use(
    await startLossyProxy(
      () => engine.port,
      ({ url = '' }) => url.includes('INSERT') && random.chance(0.2),
    ),
  );
  const counts = await expectConvergence(
    {
      open: async () => stack.use(await openTable(proxy, 'raw')),
      read: () => readAllRaw(openReader(engine)),
      // It ends by being killed each time.
      restart: () => engine.restart(),
    },
    'clickhouse',
  );
  expect(counts.casesCount).toBeGreaterThanOrEqual(10_000);
  expect(counts.restartsCount).toBeGreaterThanOrEqual(10);
  expect(proxy.lostCount).toBeGreaterThan(0);
});
