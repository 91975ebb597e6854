import { systemClock } from '@highwater/service';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLocalStack } from '../src/index.ts';
import { readPipelineState } from '../src/pipeline-state.ts';
import { renderStatusLine, statusParts } from '../src/status-line.ts';

let dataDirectory = '';

beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'highwater-late-'));
});
afterAll(async () => {
  await rm(dataDirectory, { recursive: true });
});

// Goal: every point missing from an average is counted where people look. Method: points that are
// later than the ten-second view allows, but not later than the five-minute view allows.
describe('a feed that is 75 s late', () => {
  it('is visible in the terminal and in the dashboard with the default views', async () => {
    const generator = {
      HW_GENERATOR_RATE: '200',
      HW_GENERATOR_SERIES: '100',
      HW_GENERATOR_PERCENT_LATE: '50',
      HW_GENERATOR_LATE_TIME_SECONDS: '75',
      HW_GENERATOR_LATE_PER_POINT: 'true',
      HW_GENERATOR_TIME_UNIT: 'MILLISECONDS',
    };
    await using stack = await startLocalStack({
      dataDirectory,
      dashboardPort: 0,
      settings: { generator },
    });

    let state = await readPipelineState(stack.services, systemClock);
    while (state.pointsPartlyTooLate === 0) {
      await systemClock.sleep(200);
      state = await readPipelineState(stack.services, systemClock);
    }
    const line = renderStatusLine(statusParts([state], 200), (label) => label);
    expect(line).toMatch(/too late .*\d for some/);

    const page = stack.services.find(({ name }) => name === 'dashboard')?.apiUrl ?? '';
    let shown: unknown = 0;
    while (shown === 0 || shown === undefined) {
      const reply = (await (await fetch(`${page}/api/pipeline`)).json()) as {
        readonly state: { readonly totals: { readonly partlyTooLate: number | null } } | null;
      };
      shown = reply.state?.totals.partlyTooLate ?? 0;
      await systemClock.sleep(200);
    }
    expect(shown).toBeGreaterThan(0);
  });
});
