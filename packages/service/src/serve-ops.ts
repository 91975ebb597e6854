import { fastify, type FastifyInstance } from 'fastify';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { explainListenError } from './explain-listen-error.ts';
import { createFrontDoor, guardRequests, type FrontDoorLimits } from './front-door/index.ts';
import type { Health } from './health.ts';
import { version } from './version.ts';

/** Content and address of the health and metrics server. */
export interface OpsOptions {
  readonly name: string;
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** Allowed host names besides those that no website can have. @default none */
  readonly hostNames?: readonly string[] | undefined;
  readonly registry: Registry;
  readonly health: Health;
  readonly limits?: Partial<FrontDoorLimits> | undefined;
}

/** A listening health and metrics server. */
export interface OpsServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly url: string;
}

/**
 * Serves `/livez`, `/readyz` (503 while starting and draining; `?verbose` adds details),
 * `/metrics`, and `/version`. Dispose it last, so that a drain can be observed.
 *
 * @throws {PortTakenError} when another process has the port
 */
export async function serveOps(options: OpsOptions): Promise<OpsServer> {
  const { host, port, hostNames = [], limits } = options;
  // Probes and scrapers keep connections open, and closing must not wait for them.
  const server = fastify({
    logger: false,
    forceCloseConnections: true,
    serverFactory: (serve) => createFrontDoor({ serve, bodyBytesMax: 0, limits }).server,
  });
  // No request needs a body.
  server.removeAllContentTypeParsers();
  const rules = {
    names: hostNames,
    setting: 'HW_HTTP_HOST_NAMES',
    pages: 'own',
    isPage: () => true,
  } as const;
  guardRequests(server, rules, ({ message }) => ({ error: message }));
  addRoutes(server, options);
  try {
    await server.listen({ host, port });
  } catch (error) {
    throw await explainListenError(error, { host, port, portVariable: 'HW_HTTP_PORT' });
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

function addRoutes(server: FastifyInstance, { name, registry, health }: OpsOptions): void {
  const { node } = process.versions;
  server.get('/livez', () => 'ok\n');
  server.get<{ Querystring: { verbose?: string } }>('/readyz', (request, reply) => {
    const { state } = health;
    void reply.code(state === 'ready' ? 200 : 503);
    if (request.query.verbose === undefined) return `${state}\n`;
    return { name, version, state, uptimeSeconds: Math.round(process.uptime()) };
  });
  server.get('/metrics', async (_request, reply) => {
    void reply.type(registry.contentType);
    return registry.metrics();
  });
  server.get('/version', () => ({ name, version, node }));
  server.setNotFoundHandler((_request, reply) => {
    void reply.code(404);
    return { error: 'not found', paths: ['/livez', '/readyz?verbose', '/metrics', '/version'] };
  });
}
