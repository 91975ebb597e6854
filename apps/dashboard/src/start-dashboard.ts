import type { Clock, Logger } from '@highwater/model';
import { explainListenError } from '@highwater/service';
import { fastify } from 'fastify';
import type { AddressInfo } from 'node:net';
import type { DashboardConfig } from './config.ts';

/** What the dashboard works with. */
export interface DashboardOptions {
  readonly config: DashboardConfig;
  readonly log: Logger;
  readonly clock: Clock;
  /** Ends what runs in the background. */
  readonly signal: AbortSignal;
}

/** A listening dashboard. */
export interface Dashboard extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly url: string;
}

/**
 * Serves the page and its API.
 *
 * @throws {PortTakenError} when another process has the port
 */
export async function startDashboard({ config }: DashboardOptions): Promise<Dashboard> {
  const { HW_DASHBOARD_HOST: host, HW_DASHBOARD_PORT: port } = config;
  const server = fastify({ logger: false, forceCloseConnections: true });
  server.get('/', async (_request, reply) => {
    void reply.type('text/html; charset=utf-8');
    return '<!doctype html><title>Highwater</title><h1>Highwater</h1>';
  });
  try {
    await server.listen({ host, port });
  } catch (error) {
    throw await explainListenError(error, { host, port, portVariable: 'HW_DASHBOARD_PORT' });
  }
  const bound = (server.server.address() as AddressInfo).port;
  const shownHost = host.includes(':') ? `[${host}]` : host;
  return {
    host,
    port: bound,
    url: `http://${shownHost}:${bound}`,
    [Symbol.asyncDispose]: async () => {
      await server.close();
    },
  };
}
