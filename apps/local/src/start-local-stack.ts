import { createSdkKinesisApi, ensureStreams } from '@highwater/kinesis';
import type { Clock } from '@highwater/model';
import { readYamlFile, systemClock } from '@highwater/service';
import { parseViews } from '@highwater/windowing';
import { mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { checkPort } from './check-port.ts';
import { openDataDirectory } from './data-directory.ts';
import type { ServiceCrashedError } from './errors.ts';
import { localDashboard, localKinesis, localTimestream } from './local-servers.ts';
import { pipelineServices, streams, type ServiceSettings } from './pipeline.ts';
import type { ServiceExit } from './service-process.ts';
import { Stack, type RunningService } from './stack.ts';

/** What the stack runs with. */
export interface LocalStackOptions {
  /** Where everything is kept; made where it is missing. */
  readonly dataDirectory: string;
  /** Empties the data directory first. @default false */
  readonly isFresh?: boolean | undefined;
  /** 0 takes a free one. @default 0 */
  readonly kinesisPort?: number | undefined;
  /** 0 takes a free one. @default 0 */
  readonly timestreamPort?: number | undefined;
  /** 0 takes a free one. @default no dashboard */
  readonly dashboardPort?: number | undefined;
  /** @default the two views of `views.yaml` */
  readonly viewsFile?: string | undefined;
  /** Whether points are made; otherwise the streams wait for yours. @default true */
  readonly hasGenerator?: boolean | undefined;
  /** Settings for single services, over those that the stack gives. */
  readonly settings?: ServiceSettings | undefined;
  readonly clock?: Clock | undefined;
  /** Aborts the start; a stack that runs is stopped by its disposal. */
  readonly signal?: AbortSignal | undefined;
  /** Called as services become ready and as they are stopped. */
  readonly onStep?: ((step: StackStep) => void) | undefined;
}

/** Something that happened to services of the stack. */
export interface StackStep {
  readonly what: 'starting' | 'ready' | 'stopping';
  readonly names: readonly string[];
}

/** A running stack. Disposal drains it in order: generator, aggregator, writers, servers. */
export interface LocalStack extends AsyncDisposable {
  readonly kinesisUrl: string;
  readonly timestreamUrl: string;
  readonly dataDirectory: string;
  /** As they run now, in the order of their start. */
  readonly services: readonly RunningService[];
  metricsUrl(name: string): string;
  /** Resolves when a service ends that nobody asked to. */
  readonly crashed: Promise<ServiceCrashedError>;
  /** Ends a service on purpose, e.g. with SIGKILL, and waits for its end. */
  kill(name: string, signal: NodeJS.Signals): Promise<ServiceExit>;
  /** Starts a service again that was killed, and waits until it is ready. */
  restart(name: string): Promise<RunningService>;
}

const drainOrder = [
  ['generator', 'dashboard'],
  ['aggregator'],
  ['raw-writer', 'upsert-writer'],
  ['timestream-local', 'kinesis-local'],
];

/**
 * Starts the whole pipeline on this machine and waits until all of it is ready.
 *
 * @throws {ConfigError} when the views file cannot be read
 * @throws {ViewsError} when it says something that cannot be computed
 * @throws {PortTakenError} when a given port is taken
 * @throws {DataDirectoryError} when the directory is foreign, or another stack runs in it
 * @throws {ServiceCrashedError} with the last log lines, when a service does not start
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const { clock = systemClock, signal = new AbortController().signal, onStep = () => {} } = options;
  const { kinesisPort = 0, timestreamPort = 0, dashboardPort } = options;
  const viewsFile = options.viewsFile ?? fileURLToPath(new URL('../views.yaml', import.meta.url));
  // A mistake in it is told at once, and not by a service that ends when all the others run.
  parseViews(await readYamlFile(viewsFile));
  await using cleanUp = new AsyncDisposableStack();
  const data = cleanUp.use(
    await openDataDirectory(options.dataDirectory, options.isFresh ?? false),
  );
  const stack = new Stack({ logs: data.logs, cache: data.cache, clock });
  cleanUp.defer(async () => {
    for (const names of drainOrder) {
      const started = names.filter((name) => stack.has(name));
      if (started.length === 0) continue;
      onStep({ what: 'stopping', names: started });
      await stack.stop(started);
    }
  });
  const start = async (specs: readonly Parameters<Stack['start']>[0][]) => {
    onStep({ what: 'starting', names: specs.map(({ name }) => name) });
    const services = await Promise.all(
      specs.map(async (spec) => {
        const service = await stack.start(spec, signal);
        onStep({ what: 'ready', names: [spec.name] });
        return service;
      }),
    );
    return services.map(({ apiUrl = '' }) => apiUrl);
  };

  const kinesis = localKinesis({ port: kinesisPort, dataDirectory: data.path });
  const timestream = localTimestream({ port: timestreamPort, dataDirectory: data.path });
  if (kinesisPort !== 0) await checkPort(kinesisPort, 'HW_KINESIS_LOCAL_PORT');
  if (timestreamPort !== 0) await checkPort(timestreamPort, 'HW_TIMESTREAM_LOCAL_PORT');
  if (dashboardPort) await checkPort(dashboardPort, 'HW_DASHBOARD_PORT');
  const [kinesisUrl = '', timestreamUrl = ''] = await start([kinesis, timestream]);
  await makeStreams(kinesisUrl, data.state, { clock, signal });

  const pipeline = pipelineServices({
    kinesisUrl,
    timestreamUrl,
    data,
    viewsFile,
    settings: options.settings ?? {},
  });
  const { generator, aggregator } = pipeline;
  const writers = [pipeline['raw-writer'], pipeline['upsert-writer']];
  // Points that come before their readers are there wait in the stream.
  await start([...writers, aggregator, ...(options.hasGenerator === false ? [] : [generator])]);
  if (dashboardPort !== undefined) {
    const { services } = stack;
    const { deadLetters } = data;
    await start([localDashboard({ port: dashboardPort, timestreamUrl, deadLetters, services })]);
  }

  const running = cleanUp.move();
  return {
    kinesisUrl,
    timestreamUrl,
    dataDirectory: data.path,
    crashed: stack.crashed,
    get services() {
      return stack.services;
    },
    metricsUrl: (name) => `${stack.service(name).opsUrl}/metrics`,
    kill: (name, by) => stack.kill(name, by),
    restart: (name) => stack.restart(name, new AbortController().signal),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/**
 * Makes the streams that are missing. Checkpoints that are older than their stream point into one
 * that is gone, so they go too.
 */
async function makeStreams(
  endpoint: string,
  stateDirectory: string,
  options: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  using api = createSdkKinesisApi({ region: 'us-east-1', endpoint });
  const created = await ensureStreams(api, Object.values(streams), options);
  if (created.length === 0) return;
  await rm(stateDirectory, { recursive: true, force: true });
  await mkdir(stateDirectory, { recursive: true });
}
