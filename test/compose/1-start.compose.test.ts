import { describe, expect, it } from 'vitest';
import { dashboardUrl } from './compose.ts';
import { containers, serviceOf } from './containers.ts';
import { valueOf, within } from './prometheus.ts';
import { rowsOfStore } from './rows.ts';
import { testStore } from './test-store.ts';

describe('docker compose up', () => {
  it('ends with every container healthy and the setup done', async () => {
    const states = (await containers()).map((container) => [
      serviceOf(container),
      container.State.Health?.Status ?? `exited ${container.State.ExitCode}`,
    ]);
    expect(Object.fromEntries(states)).toEqual({
      'kinesis-local': 'healthy',
      [testStore.service]: 'healthy',
      'dynamodb-local': 'healthy',
      setup: 'exited 0',
      generator: 'healthy',
      'raw-writer': 'healthy',
      aggregator: 'healthy',
      'upsert-writer': 'healthy',
      dashboard: 'healthy',
      prometheus: 'healthy',
    });
  });

  it('stores view rows and corrects them within a minute', async () => {
    const corrected = () => valueOf('sum(upsert_writer_rows_total{outcome="corrected"})');
    await expect.poll(corrected, within(60_000)).toBeGreaterThan(0);
    const averages = [...(await rowsOfStore()).keys()].filter((name) => name.startsWith('avg_'));
    expect(averages.length).toBeGreaterThan(0);
  });

  it('shows the page, and the rows of the store through it', async () => {
    const page = await fetch(dashboardUrl);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<script')]);
  });
});
