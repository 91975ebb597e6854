import { createSdkKinesisApi, ensureStreams } from '@highwater/kinesis';
import type { Clock } from '@highwater/model';
import { readYamlFile, systemClock } from '@highwater/service';
import { parseViews } from '@highwater/windowing';
import { mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { checkPort } from './check-port.ts';
import { openDataDirectory, type DataDirectory } from './data-directory.ts';
import type { ServiceCrashedError } from './errors.ts';
import { localDashboard, localKinesis, localTimestream } from './local-servers.ts';
import { ownStore, startLocalPostgres, type LocalStore, type StoreChoice } from './local-store.ts';
import { pipelineServices, streams, type ServiceSettings } from './pipeline.ts';
import type { ServiceExit } from './service-process.ts';
import { Stack, type RunningService } from './stack.ts';

/** Options of the stack. */
export interface LocalStackOptions {
  /** Where everything is stored; created if it is missing. */
  readonly dataDirectory: string;
  /** Empties the data directory first. @default false */
  readonly isFresh?: boolean | undefined;
  /** 0 picks a free port. @default 0 */
  readonly kinesisPort?: number | undefined;
  /** 0 picks a free port. @default 0 */
  readonly timestreamPort?: number | undefined;
  /** @default timestream-local */
  readonly store?: StoreChoice | undefined;
  /** 0 picks a free port. @default 0 */
  readonly postgresPort?: number | undefined;
  /** 0 picks a free port. @default no dashboard */
  readonly dashboardPort?: number | undefined;
  /** @default the two views of `views.yaml` */
  readonly viewsFile?: string | undefined;
  /** Whether to generate points. Otherwise, the streams wait for yours. @default true */
  readonly hasGenerator?: boolean | undefined;
  /** Settings for individual services, which override those of the stack. */
  readonly settings?: ServiceSettings | undefined;
  readonly clock?: Clock | undefined;
  /** Aborts the start. Disposal stops a running stack. */
  readonly signal?: AbortSignal | undefined;
  /** Called as services become ready and as they are stopped. */
  readonly onStep?: ((step: StackStep) => void) | undefined;
}

/** An event of services of the stack. */
export interface StackStep {
  readonly what: 'starting' | 'ready' | 'stopping';
  readonly names: readonly string[];
}

/** A running stack. Disposal drains it in order: generator, aggregator, writers, servers. */
export interface LocalStack extends AsyncDisposable {
  readonly kinesisUrl: string;
  /** Of timestream-local; empty with another store. */
  readonly timestreamUrl: string;
  /** Settings with which a program gets to the store, to write or to read. */
  readonly storeSettings: Readonly<Record<string, string>>;
  /** Address of the store for people, without a password. */
  readonly storeUrl: string;
  /** Log of a store that the stack has started and that is not one of the services. */
  readonly storeLogFile?: string | undefined;
  readonly dataDirectory: string;
  /** Their current state, in the order of their start. */
  readonly services: readonly RunningService[];
  metricsUrl(name: string): string;
  /** Resolves when a service ends unexpectedly. */
  readonly crashed: Promise<ServiceCrashedError>;
  /** Ends a service on purpose, e.g. with SIGKILL, and waits for its end. */
  kill(name: string, signal: NodeJS.Signals): Promise<ServiceExit>;
  /** Restarts a service that was killed, and waits until it is ready. */
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
 * @throws {ViewsError} when a view in it cannot be computed
 * @throws {PortTakenError} when a given port is taken
 * @throws {DataDirectoryError} when the directory is foreign, or another stack runs in it
 * @throws {ServiceCrashedError} with the last log lines, when a service does not start
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const { clock = systemClock, signal = new AbortController().signal, onStep = () => {} } = options;
  const { kinesisPort = 0, timestreamPort = 0, dashboardPort } = options;
  const viewsFile = options.viewsFile ?? fileURLToPath(new URL('../views.yaml', import.meta.url));
  // Reports a mistake immediately, instead of letting a service end after all the others have
  // started.
  parseViews(await readYamlFile(viewsFile));
  await using cleanUp = new AsyncDisposableStack();
  const data = cleanUp.use(
    await openDataDirectory(options.dataDirectory, options.isFresh ?? false),
  );
  const store = await openLocalStore(options, data, { clock, signal });
  if (store) cleanUp.use(store);
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
  const servers = store ? [kinesis] : [kinesis, timestream];
  if (kinesisPort !== 0) await checkPort(kinesisPort, 'HW_KINESIS_LOCAL_PORT');
  if (timestreamPort !== 0 && !store) await checkPort(timestreamPort, 'HW_TIMESTREAM_LOCAL_PORT');
  if (dashboardPort) await checkPort(dashboardPort, 'HW_DASHBOARD_PORT');
  const [kinesisUrl = '', timestreamUrl = ''] = await start(servers);
  const storeSettings = store?.settings ?? {
    AWS_ENDPOINT_URL_TIMESTREAM_WRITE: timestreamUrl,
    AWS_ENDPOINT_URL_TIMESTREAM_QUERY: timestreamUrl,
  };
  await makeStreams(kinesisUrl, data.state, { clock, signal });

  const pipeline = pipelineServices({
    kinesisUrl,
    store: storeSettings,
    data,
    viewsFile,
    settings: options.settings ?? {},
  });
  const { generator, aggregator } = pipeline;
  const writers = [pipeline['raw-writer'], pipeline['upsert-writer']];
  // Points that arrive before their readers wait in the stream.
  await start([...writers, aggregator, ...(options.hasGenerator === false ? [] : [generator])]);
  if (dashboardPort !== undefined) {
    const { services } = stack;
    const { deadLetters } = data;
    await start([
      localDashboard({
        port: dashboardPort,
        store: store?.readerSettings ?? storeSettings,
        deadLetters,
        services,
      }),
    ]);
  }

  const running = cleanUp.move();
  return {
    kinesisUrl,
    timestreamUrl,
    storeSettings,
    storeUrl: store?.shownUrl ?? timestreamUrl,
    storeLogFile: store?.logFile,
    dataDirectory: data.path,
    crashed: store?.ended ? Promise.race([stack.crashed, store.ended]) : stack.crashed,
    get services() {
      return stack.services;
    },
    metricsUrl: (name) => `${stack.service(name).opsUrl}/metrics`,
    kill: (name, by) => stack.kill(name, by),
    restart: (name) => stack.restart(name, new AbortController().signal),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Opens a store other than timestream-local, which is one of the stack's services. */
async function openLocalStore(
  { store: choice, postgresPort = 0 }: LocalStackOptions,
  data: DataDirectory,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<LocalStore | undefined> {
  if (choice === undefined || choice.store === 'timestream') return undefined;
  if (choice.store !== 'postgres') return ownStore(choice);
  if (postgresPort !== 0) await checkPort(postgresPort, 'HW_LOCAL_POSTGRES_PORT');
  return startLocalPostgres({ data, port: postgresPort, clock, signal });
}

/**
 * Creates missing streams. Checkpoints that are older than their stream refer to one that is gone,
 * so they are removed.
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
