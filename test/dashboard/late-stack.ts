import { createSdkKinesisApi } from '@highwater/kinesis';
import type { Row } from '@highwater/model';
import { loadConfig } from '@highwater/service';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dashboardConfig, type DashboardConfig } from '../../apps/dashboard/src/config.ts';
import { startLocalStack, streams, type LocalStack } from '../../apps/local/src/index.ts';
import { openStackStore, type Engine } from '../end-to-end/stack-store.ts';
import { fillStore } from './fill-store.ts';

/** Windows short enough that they close and are corrected within a test. */
const viewsFile = (windowSeconds: number) => `views:
  - name: short-average
    window: { tumbling: ${windowSeconds}s }
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

/** A point as a producer sends it. */
export type WirePoint = Readonly<Record<string, string>>;

/** The local stack with late data, and what a dashboard needs to look at it. */
export interface LateStack extends AsyncDisposable {
  readonly stack: LocalStack;
  /** Settings of a dashboard on it. */
  config(settings?: Readonly<Record<string, string>>): DashboardConfig;
  /** Puts records on the raw stream: points, or any other text. */
  send(...records: readonly (WirePoint | string)[]): Promise<void>;
  /** Puts rows in the store, past the pipeline. */
  store(rows: readonly Row[]): Promise<void>;
}

/**
 * Starts it; ready when every service is.
 *
 * @param generator settings of the generator, over those of the fleet
 */
export async function startLateStack({
  generator = {},
  windowSeconds = 10,
  engine = 'timestream',
}: {
  readonly generator?: Readonly<Record<string, string>>;
  readonly windowSeconds?: number;
  readonly engine?: Engine;
} = {}): Promise<LateStack> {
  await using cleanUp = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'highwater-dashboard-'));
  cleanUp.defer(() => rm(directory, { recursive: true, force: true }));
  const viewsPath = join(directory, 'views.yaml');
  await writeFile(viewsPath, viewsFile(windowSeconds));
  const dataDirectory = join(directory, 'data');
  const store = cleanUp.use(await openStackStore(engine));
  const stack = cleanUp.use(
    await startLocalStack({
      dataDirectory,
      store: store.choice,
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
  const kinesis = cleanUp.use(
    createSdkKinesisApi({ region: 'us-east-1', endpoint: stack.kinesisUrl }),
  );
  const open = cleanUp.move();
  return {
    stack,
    config: (settings = {}) =>
      loadConfig(dashboardConfig, {
        HW_DASHBOARD_PORT: '0',
        HW_DASHBOARD_SERVICES: services,
        HW_DEAD_LETTERS_DIR: join(dataDirectory, 'dead-letters'),
        ...stack.storeSettings,
        ...settings,
      }),
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
      await fillStore(stack.storeSettings, rows, 'views');
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}
