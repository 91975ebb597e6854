import { createSdkKinesisApi } from '@highwater/kinesis';
import type { Clock, Logger, Row } from '@highwater/model';
import { loadConfig, systemClock } from '@highwater/service';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { dashboardConfig } from '../../apps/dashboard/src/config.ts';
import { startDashboard } from '../../apps/dashboard/src/start-dashboard.ts';
import { startLocalStack, streams, type LocalStack } from '../../apps/local/src/index.ts';
import { fillStore } from './fill-store.ts';
import { findChromium } from './find-chromium.ts';

/** Windows short enough that they close and are corrected within a test. */
const viewsFile = `views:
  - name: ten-second-average
    window: { tumbling: 10s }
    allowedLateness: 60s
    aggregates: [avg]
`;

const reader = {
  HW_KINESIS_READ_INTERVAL_MS: '50',
  HW_KINESIS_POLL_INTERVAL_MS: '100',
  HW_KINESIS_IDLE_AFTER_MS: '2000',
  HW_KINESIS_CHECKPOINT_INTERVAL_MS: '2000',
};

/** A few hosts that report often, and some of their points late. */
const fleet = {
  HW_GENERATOR_SERIES: '120',
  HW_GENERATOR_RATE: '120',
  HW_GENERATOR_PERCENT_LATE: '8',
  HW_GENERATOR_LATE_TIME_SECONDS: '14',
  HW_GENERATOR_LATE_PER_POINT: 'true',
};

const nothing = () => undefined;
const silent: Logger = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
};

/** A point as a producer sends it. */
export type WirePoint = Readonly<Record<string, string>>;

/** The local stack with late data, the dashboard on it, and a browser. */
export interface DashboardWorld extends AsyncDisposable {
  readonly url: string;
  readonly stack: LocalStack;
  readonly browser: Browser;
  /** Puts records on the raw stream: points, or any other text. */
  send(...records: readonly (WirePoint | string)[]): Promise<void>;
  /** Puts rows in the store, past the pipeline. */
  store(rows: readonly Row[]): Promise<void>;
}

/** What a world has in place of what they all have. */
export interface WorldOptions {
  /** Settings of the generator, over those of the fleet. */
  readonly generator?: Readonly<Record<string, string>>;
  /** Settings of the dashboard. */
  readonly dashboard?: Readonly<Record<string, string>>;
  /** The dashboard's clock. */
  readonly clock?: Clock;
}

/** Starts it all; ready when every service is. */
export async function startDashboardWorld({
  generator = {},
  dashboard: settings = {},
  clock = systemClock,
}: WorldOptions = {}): Promise<DashboardWorld> {
  const executablePath = findChromium();
  await using cleanUp = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'highwater-dashboard-'));
  cleanUp.defer(() => rm(directory, { recursive: true, force: true }));
  const viewsPath = join(directory, 'views.yaml');
  await writeFile(viewsPath, viewsFile);
  const dataDirectory = join(directory, 'data');
  const stack = cleanUp.use(
    await startLocalStack({
      dataDirectory,
      viewsFile: viewsPath,
      settings: {
        'raw-writer': reader,
        'upsert-writer': reader,
        aggregator: { ...reader, HW_AGGREGATOR_OUT_OF_ORDERNESS_MS: '1000' },
        generator: { ...fleet, ...generator },
      },
    }),
  );
  const services = ['generator', 'raw-writer', 'aggregator', 'upsert-writer']
    .map((name) => `${name}=${stack.metricsUrl(name).replace(/\/metrics$/, '')}`)
    .join(',');
  const dashboard = cleanUp.use(
    await startDashboard({
      config: loadConfig(dashboardConfig, {
        HW_DASHBOARD_PORT: '0',
        HW_DASHBOARD_SERVICES: services,
        HW_DEAD_LETTERS_DIR: join(dataDirectory, 'dead-letters'),
        AWS_ENDPOINT_URL_TIMESTREAM_QUERY: stack.timestreamUrl,
        ...settings,
      }),
      log: silent,
      clock,
    }),
  );
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
    ],
  });
  cleanUp.defer(() => browser.close());
  const kinesis = cleanUp.use(
    createSdkKinesisApi({ region: 'us-east-1', endpoint: stack.kinesisUrl }),
  );
  const open = cleanUp.move();
  return {
    url: dashboard.url,
    stack,
    browser,
    async send(...records) {
      await kinesis.putRecords(
        streams.raw.name,
        records.map((record) => ({
          partitionKey: 'test',
          data: new TextEncoder().encode(
            typeof record === 'string' ? record : JSON.stringify(record),
          ),
        })),
      );
    },
    async store(rows) {
      await fillStore(stack.timestreamUrl, rows);
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}
