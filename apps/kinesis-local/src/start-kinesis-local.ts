import { startApi, type ApiServer } from '@highwater/aws-json';
import type { Clock, Logger } from '@highwater/model';
import { systemClock } from '@highwater/service';
import type { FrontDoorLimits, TlsFiles } from '@highwater/service/front-door';
import {
  KinesisAccount,
  ServiceException,
  type SubscriptionTimes,
} from '@highwater/kinesis-engine';
import { Registry } from 'prom-client';
import { ServerFaults, type FaultSettings } from './faults/server-faults.ts';
import { AccountFiles } from './files/account-files.ts';
import { DataDirectoryError } from './files/errors.ts';
import { kinesisApi } from './http/kinesis-api.ts';
import { defineAccountMetrics, defineKinesisLocalMetrics } from './metrics.ts';
import { RateLimits } from './operations/rate-limits.ts';

/** Options of the server. */
export interface KinesisLocalOptions {
  /** @default '127.0.0.1' */
  readonly host?: string | undefined;
  /** 0 picks a free port. */
  readonly port: number;
  /** Also serves TLS, on the same port. */
  readonly tls?: TlsFiles | undefined;
  /** Allowed host names besides those that no website can have. @default none */
  readonly hostNames?: readonly string[] | undefined;
  /** Limits on connections and bodies. */
  readonly limits?: Partial<FrontDoorLimits> | undefined;
  /** Directory for streams and records. @default in memory only */
  readonly dataDirectory?: string | undefined;
  /** When a file of records has reached this size, the next one is started. @default 32 MiB */
  readonly segmentBytesMax?: number | undefined;
  /**
   * Maximum bytes of records in files, checked once per minute. The oldest are removed before their
   * retention is over. @default no limit
   */
  readonly diskBytesMax?: number | undefined;
  /** Twelve digits. @default '000000000000' */
  readonly accountId?: string | undefined;
  /** @default 'us-east-1' */
  readonly region?: string | undefined;
  /** Whether the service's limits are enforced. @default false */
  readonly enforcesLimits?: boolean | undefined;
  /** Maximum memory for records. @default 1 GiB */
  readonly memoryBytesMax?: number | undefined;
  /** How long creating, deleting, and each generation of a reshard take. @default 0 */
  readonly transitionMs?: number | undefined;
  readonly subscriptionTimes?: Partial<SubscriptionTimes> | undefined;
  /** Faults from the start. */
  readonly faults?: FaultSettings | undefined;
  /** Whether the admin endpoint is available. @default false */
  readonly hasAdmin?: boolean | undefined;
  readonly clock?: Clock | undefined;
  readonly log?: Logger | undefined;
  readonly registry?: Registry | undefined;
}

/** A running server. Disposing it ends every connection. */
export interface KinesisLocal extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** For an SDK's `endpoint`. */
  readonly url: string;
  readonly account: KinesisAccount;
  readonly faults: ServerFaults;
  /** Breaks every connection, and keeps listening. */
  cutConnections(): void;
}

const tidyIntervalMs = 60_000;

/**
 * Starts the server. Resolves when it is listening.
 *
 * @throws {PortTakenError} when another process has the port
 * @throws {DataDirectoryError} when the data directory cannot be used
 */
export async function startKinesisLocal(options: KinesisLocalOptions): Promise<KinesisLocal> {
  const { clock = systemClock, log = silent, registry = new Registry() } = options;
  const { dataDirectory, segmentBytesMax, diskBytesMax = Infinity } = options;
  const { host = '127.0.0.1', port, tls } = options;
  await using opened = new AsyncDisposableStack();
  const files =
    dataDirectory === undefined
      ? undefined
      : opened.use(await AccountFiles.open({ directory: dataDirectory, segmentBytesMax, log }));
  const account = new KinesisAccount(clock, { ...options, storage: files });
  if (files !== undefined) await settleFiles(account, files);
  const faults = new ServerFaults();
  if (options.faults !== undefined) faults.start(options.faults);
  const metrics = defineKinesisLocalMetrics(registry);
  defineAccountMetrics(registry, account);
  const api = kinesisApi({
    account,
    clock,
    log,
    faults,
    metrics,
    limits: new RateLimits(),
    hostNames: options.hostNames ?? [],
    hasAdmin: options.hasAdmin ?? false,
    cutConnections: () => server.cutConnections(),
  });
  const server: ApiServer = await startApi(api, {
    host,
    port,
    portVariable: 'HW_KINESIS_LOCAL_PORT',
    tls,
    hasHttp2: true,
    limits: options.limits,
    atEnd: 'cut',
  });
  opened.use(server);
  opened.use(tidyNowAndThen(account, { clock, log, diskBytesMax, files }));
  const running = opened.move();
  return {
    host,
    port: server.port,
    url: server.url,
    account,
    faults,
    cutConnections: () => server.cutConnections(),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Saves the state in the current format, then removes files that it does not name. */
async function settleFiles(account: KinesisAccount, files: AccountFiles): Promise<void> {
  try {
    await account.save();
  } catch (cause) {
    if (!(cause instanceof ServiceException)) throw cause;
    throw new DataDirectoryError(cause.message, { cause });
  }
  await files.keepOnly(account.streams());
}

/** Drops records that are older than the retention, or exceed the limit on files. */
function tidyNowAndThen(
  account: KinesisAccount,
  options: {
    readonly clock: Clock;
    readonly log: Logger;
    readonly diskBytesMax: number;
    readonly files: AccountFiles | undefined;
  },
): AsyncDisposable {
  const { clock, log, diskBytesMax, files } = options;
  const stop = new AbortController();
  const tidy = async () => {
    for (;;) {
      await clock.sleep(tidyIntervalMs, stop.signal);
      const forgottenBytes = account.keepWithin(diskBytesMax);
      if (forgottenBytes > 0) {
        log.warn(
          { forgottenBytes, diskBytesMax },
          'Removed the oldest records before the end of their retention, because the size on disk reached HW_KINESIS_LOCAL_DISK_BYTES_MAX.',
        );
      }
      // The failure is logged, and retried in a minute.
      if (files?.hasUnneeded === true) await account.save().catch(() => undefined);
    }
  };
  const done = tidy().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await done;
    },
  };
}

const ignore = () => {};
const silent: Logger = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };
