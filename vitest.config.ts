import { defineConfig } from 'vitest/config';
import { ContainersInOrder } from './test/compose/in-order.ts';

interface Options {
  readonly testTimeout: number;
  readonly fileParallelism?: boolean;
  readonly globalSetup?: string;
}

// A time limit ends what hangs. It measures nothing: a test may share its cores with anything, so that
// the limits are many times what a quiet machine needs, and no test sets a shorter one.
const pollMsMax = 60_000;

/** Where a check counts the tests of a run. */
const results = process.env['TEST_RESULTS'] ?? '.nx/test-results.json';

const project = (name: string, options: Options) => ({
  test: {
    name,
    include: [`{packages,apps,tools,test,benchmarks}/**/*.${name}.test.ts`],
    exclude: ['**/node_modules/**', '**/dist/**'],
    environment: 'node' as const,
    hookTimeout: options.testTimeout,
    expect: { poll: { timeout: pollMsMax, interval: 50 } },
    ...options,
  },
});

export default defineConfig({
  test: {
    sequence: { sequencer: ContainersInOrder },
    reporters: process.env['CI'] ? ['default', ['json', { outputFile: results }]] : ['default'],
    projects: [
      project('unit', { testTimeout: 120_000 }),
      project('sim', { testTimeout: 600_000 }),
      // Real servers and processes on two cores: one file at a time, or they starve each other.
      project('integration', { testTimeout: 600_000, fileParallelism: false }),
      // A real Chromium, which has to be installed; `npm run test:browser`.
      project('browser', { testTimeout: 120_000, fileParallelism: false }),
      // The documentation as a web site, which has packages of its own; `npm run test:site`.
      project('site', { testTimeout: 600_000 }),
      // Clients of AWS in other languages, as their tools are here; `npm run test:clients`.
      project('clients', { testTimeout: 600_000, fileParallelism: false }),
      // ClickHouse as a library, which Python brings; `npm run test:clickhouse`.
      project('clickhouse', { testTimeout: 600_000, fileParallelism: false }),
      // Containers on a Docker engine, one stack for all files; `npm run test:compose`.
      project('compose', {
        testTimeout: 300_000,
        fileParallelism: false,
        globalSetup: './test/compose/stack-up.ts',
      }),
    ],
  },
});
