import fastifyStatic from '@fastify/static';
import type { Clock, Logger } from '@highwater/model';
import { explainListenError, withTasks } from '@highwater/service';
import { openReader } from '@highwater/stores';
import {
  Bodies,
  createFrontDoor,
  frontDoorLimits,
  readBodies,
  type FrontDoorLimits,
} from '@highwater/service/front-door';
import { fastify, type FastifyInstance } from 'fastify';
import type { AddressInfo } from 'node:net';
import type { DashboardConfig } from './config.ts';
import { DimensionValues } from './explore/dimension-values.ts';
import { limitReader } from './explore/limit-reader.ts';
import { addApi } from './http/add-api.ts';
import { guard } from './http/guard.ts';
import { LiveFeed } from './http/live-feed.ts';
import { limitRate } from './http/limit-rate.ts';
import { pageFiles } from './http/page-files.ts';
import { replyToErrors } from './http/reply-error.ts';
import { addSecurityHeaders } from './http/security-headers.ts';
import { askPrometheus } from './pipeline/ask-prometheus.ts';
import { PipelineWatch } from './pipeline/pipeline-watch.ts';
import { parseTargets, scrapeServices } from './pipeline/scrape-services.ts';

/** Dependencies of the dashboard. */
export interface DashboardOptions {
  readonly config: DashboardConfig;
  readonly log: Logger;
  readonly clock: Clock;
  /** Limits on connections and bodies. */
  readonly limits?: Partial<FrontDoorLimits> | undefined;
}

/** A listening dashboard. */
export interface Dashboard extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly url: string;
}

/** Paths that all serve the same document. The browser distinguishes them. */
const pages = ['/', '/explore', '/corrections', '/pipeline', '/query'];

const bodyBytesMax = 131_072;
const queriesWaitingMax = 64;

/**
 * Serves the page and its API.
 *
 * @throws {PortTakenError} when another process has the port
 */
export async function startDashboard(options: DashboardOptions): Promise<Dashboard> {
  const { config, log, clock } = options;
  const files = await pageFiles(log);
  const stop = new AbortController();
  const store = await openReader(config, {
    requestsInFlightMax: config.HW_DASHBOARD_QUERIES_IN_FLIGHT_MAX,
    requestTimeoutMs: config.HW_DASHBOARD_QUERY_TIMEOUT_MS,
    clock,
  });
  const reader = limitReader(store, {
    inFlightMax: config.HW_DASHBOARD_QUERIES_IN_FLIGHT_MAX,
    waitingMax: queriesWaitingMax,
  });
  const watch = new PipelineWatch(
    config.HW_PROMETHEUS_URL === undefined
      ? scrapeServices(parseTargets(config.HW_DASHBOARD_SERVICES ?? '').targets)
      : askPrometheus(config.HW_PROMETHEUS_URL),
    clock,
  );
  const live = new LiveFeed(reader, clock);

  const limits = { ...frontDoorLimits, ...options.limits };
  const server = fastify({
    logger: false,
    forceCloseConnections: true,
    serverFactory: (serve) => createFrontDoor({ serve, bodyBytesMax, limits }).server,
  });
  addSecurityHeaders(server);
  guard(server, config.HW_DASHBOARD_HOST_NAMES);
  readBodies(server, new Bodies(limits), bodyBytesMax);
  limitRate(server, { perSecondMax: config.HW_DASHBOARD_REQUESTS_PER_SECOND_MAX, clock });
  replyToErrors(server, log);
  const values = new DimensionValues(reader, clock);
  addApi(server, { config, reader, values, watch, nowMs: () => clock.nowMs() }, live);
  await addPages(server, files);
  const address = await listen(server, config);
  const running = withTasks(stop.signal, async (tasks) => {
    tasks.run((signal) => watch.run(config.HW_DASHBOARD_SCRAPE_INTERVAL_MS, signal));
    tasks.run((signal) => live.run(signal));
  });
  return {
    ...address,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await server.close();
      await running.catch(() => undefined);
      await store[Symbol.asyncDispose]();
    },
  };
}

async function addPages(server: FastifyInstance, files: string): Promise<void> {
  await server.register(fastifyStatic, {
    root: files,
    index: false,
    preCompressed: true,
    // The names of assets depend on their contents.
    maxAge: '365d',
    immutable: true,
  });
  for (const page of pages) {
    server.get(page, (_request, reply) =>
      reply.sendFile('index.html', { maxAge: 0, immutable: false }),
    );
  }
}

async function listen(
  server: FastifyInstance,
  { HW_DASHBOARD_HOST: host, HW_DASHBOARD_PORT: port }: DashboardConfig,
): Promise<Pick<Dashboard, 'host' | 'port' | 'url'>> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    throw await explainListenError(error, { host, port, portVariable: 'HW_DASHBOARD_PORT' });
  }
  const bound = (server.server.address() as AddressInfo).port;
  const shownHost = host.includes(':') ? `[${host}]` : host;
  return { host, port: bound, url: `http://${shownHost}:${bound}` };
}
