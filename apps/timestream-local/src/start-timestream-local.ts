import { CallRefusal, startApi, type Answered } from '@highwater/aws-json';
import { parseAccessKey } from '@highwater/aws-json/signature';
import { Slots } from '@highwater/flow';
import type { Clock, Logger } from '@highwater/model';
import { systemClock } from '@highwater/service';
import type { FrontDoorLimits, TlsFiles } from '@highwater/service/front-door';
import type { Registry } from 'prom-client';
import { Engines } from './engine/engines.ts';
import { ApiError } from './http/api-error.ts';
import { describeEndpoints } from './http/describe-endpoints.ts';
import type { Operations } from './http/operation.ts';
import { timestreamApi } from './http/timestream-api.ts';
import { defineTimestreamLocalMetrics } from './metrics.ts';
import { accountSettingsOperations } from './query/account-settings.ts';
import { cancelQuery } from './query/cancel-query.ts';
import { OpenQueries } from './query/open-queries.ts';
import type { QueryContext } from './query/query-context.ts';
import { prepareQuery } from './query/prepare-query.ts';
import { queryOperation } from './query/query-operation.ts';
import { scheduledQueryOperations } from './query/scheduled-queries.ts';
import { evictExpired } from './store/evict-expired.ts';
import { Store } from './store/store.ts';
import { batchLoadOperations } from './write/batch-load-tasks.ts';
import { databaseOperations } from './write/databases.ts';
import { tableOperations } from './write/tables.ts';
import { tagOperations } from './write/tag-operations.ts';
import type { WriteContext } from './write/write-context.ts';
import { writeRecords } from './write/write-records.ts';

export interface TimestreamLocalOptions {
  /** 0 picks a free port. @default 0 */
  readonly port?: number | undefined;
  /** @default '127.0.0.1' */
  readonly host?: string | undefined;
  /** Also serves TLS, on the same port. */
  readonly tls?: TlsFiles | undefined;
  /** Allowed host names besides those that no website can have. @default none */
  readonly hostNames?: readonly string[] | undefined;
  /** Limits on connections and bodies. */
  readonly limits?: Partial<FrontDoorLimits> | undefined;
  /** The file for all data. Undefined: in memory, until the server ends. */
  readonly data?: string | undefined;
  /** Shown in ARNs. @default 'us-east-1' */
  readonly region?: string | undefined;
  /** The current time for retention and for queries. @default the system's clock */
  readonly retentionClock?: (() => number) | undefined;
  /** Rejects every doubtful case that the service's documentation leaves open. @default false */
  readonly strict?: boolean | undefined;
  /**
   * `id` or `id:secret`: requests must be signed with it. Undefined: no request needs a signature.
   */
  readonly accessKey?: string | undefined;
  /** Replaces the address that DescribeEndpoints answers. */
  readonly advertisedAddress?: string | undefined;
  /**
   * Memory for the queries of one engine together. Without a file, it also limits the memory of all
   * rows. @default 1 GiB
   */
  readonly memoryBytesMax?: number | undefined;
  /** @default 2 MiB: far above 100 records of 2 KB */
  readonly bodyBytesMax?: number | undefined;
  /** How long one call of Query may compute. @default 60 000, after which the service answers too */
  readonly queryTimeLimitMs?: number | undefined;
  readonly clock?: Clock | undefined;
  readonly log?: Logger | undefined;
  readonly registry?: Registry | undefined;
}

/** A running server. Disposing it ends it, after the requests under way. */
export interface TimestreamLocal {
  readonly host: string;
  readonly port: number;
  /** The `endpoint` for an SDK client. */
  readonly endpoint: string;
}

/**
 * Starts a Timestream-compatible server: the Write and the Query API on one port.
 *
 * @throws {PortTakenError} when another process has the port
 * @throws {DataFileError} when another process has the file, or it is not ours
 */
export async function startTimestreamLocal(
  options: TimestreamLocalOptions = {},
): Promise<TimestreamLocal & AsyncDisposable> {
  const { host = '127.0.0.1', port = 0, clock = systemClock } = options;
  const nowMs = options.retentionClock ?? (() => clock.nowMs());
  const metrics = defineTimestreamLocalMetrics(options.registry);
  // Closed in reverse: no more requests, then the queries that have pages left, then the file.
  await using started = new AsyncDisposableStack();
  const path = options.data === '' ? undefined : options.data;
  const memoryBytesMax = options.memoryBytesMax ?? 2 ** 30;
  const store = started.use(
    await Store.open({
      path,
      memoryBytesMax: path === undefined ? memoryBytesMax : storeMemoryBytes,
      isStrict: options.strict ?? false,
    }),
  );
  const onFailed = (err: unknown) =>
    options.log?.error({ err }, 'Removing expired records failed.');
  const evict = async () => evictExpired(store, nowMs());
  started.use(evictHourly(clock, () => evict().catch(onFailed)));
  const engines = started.use(
    await Engines.start({
      store,
      path,
      memoryBytesMax,
      clock,
      log: options.log,
      onEnded: metrics.countEngineEnd,
    }),
  );
  metrics.showRowsBehind(() => engines.rowsBehind);
  const queries = started.use(new OpenQueries(() => clock.monotonicMs()));
  const api = timestreamApi({
    hostNames: options.hostNames ?? [],
    bodyBytesMax: options.bodyBytesMax ?? 2 * 2 ** 20,
    monotonicMs: () => clock.monotonicMs(),
    accessKey: options.accessKey === undefined ? undefined : parseAccessKey(options.accessKey),
    operations: makeOperations(options, {
      store,
      engines,
      queries,
      clock,
      nowMs,
      countRecords: metrics.countRecords,
    }),
    onAnswered: (answered) => {
      metrics.countRequest(answered);
      if (options.log) logFailure(options.log, answered);
    },
  });
  const server = started.use(
    await startApi(api, {
      host,
      port,
      portVariable: 'HW_TIMESTREAM_LOCAL_PORT',
      tls: options.tls,
      limits: options.limits,
      atEnd: 'answer',
    }),
  );
  const running = started.move();
  return {
    host,
    port: server.port,
    endpoint: server.url,
    [Symbol.asyncDispose]: async () => {
      // A query that still computes would keep its request, and so the server, from ending.
      queries.stopAll();
      await running.disposeAsync();
    },
  };
}

/** For writing a file; queries compute elsewhere. */
const storeMemoryBytes = 256 * 2 ** 20;

/**
 * A client sees neither this server's own errors nor DuckDB's messages. The errors that it sees are
 * logged at debug level.
 */
function logFailure(log: Logger, { error: err, operation, status }: Answered): void {
  if (err === undefined) return;
  // Whether there was room for its body, and whether its client stayed, is in the metrics.
  if (status >= 500 && !(err instanceof CallRefusal))
    log.error({ err, operation }, 'A request failed because of an internal error.');
  else if (err instanceof ApiError && err.isVague) {
    log.warn({ err, operation }, 'Rejected a request without giving the client a specific reason.');
  } else log.debug({ err, operation }, 'Rejected a request.');
}

const hourMs = 3_600_000;

/** Not at the start, so that a user who opens an old file by mistake has time to copy it. */
function evictHourly(clock: Clock, evict: () => Promise<void>): AsyncDisposable {
  const stop = new AbortController();
  const run = async () => {
    for (;;) {
      await clock.sleep(hourMs, stop.signal).catch(() => undefined);
      if (stop.signal.aborted) return;
      await evict();
    }
  };
  const done = run();
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await done;
    },
  };
}

interface Parts {
  readonly store: Store;
  readonly engines: Engines;
  readonly queries: OpenQueries;
  readonly clock: Clock;
  /** By the retention clock. */
  readonly nowMs: () => number;
  readonly countRecords: WriteContext['onRecords'];
}

/** Of the four threads of Node's pool in an engine one stays free for changes of its replica. */
const queriesRunningMax = 3;
const queriesWaitingMax = 100;

function makeOperations(options: TimestreamLocalOptions, parts: Parts): Operations {
  const { store, engines, queries, clock, nowMs, countRecords } = parts;
  const queryContext: QueryContext = {
    store,
    engines,
    nowMs,
    clock,
    queries,
    slots: new Slots(queriesRunningMax, queriesWaitingMax),
    timeLimitMs: options.queryTimeLimitMs ?? 60_000,
  };
  const writeContext: WriteContext = {
    store,
    region: options.region ?? 'us-east-1',
    nowMs,
    isStrict: options.strict ?? false,
    onRecords: countRecords,
  };
  return {
    ...accountSettingsOperations,
    ...scheduledQueryOperations,
    ...batchLoadOperations,
    DescribeEndpoints: describeEndpoints(options.advertisedAddress),
    ...databaseOperations(writeContext),
    ...tableOperations(writeContext),
    ...tagOperations(writeContext),
    WriteRecords: writeRecords(writeContext),
    Query: queryOperation(queryContext),
    CancelQuery: cancelQuery(queryContext),
    PrepareQuery: prepareQuery(queryContext),
  };
}
