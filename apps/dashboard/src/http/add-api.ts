import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errorReply } from '../contract.ts';
import { jsonSchema } from './json-schema.ts';
import type { LiveFeed } from './live-feed.ts';
import { errorsOf } from './route-schemas.ts';
import { apiRoutes, type ApiContext, type ApiRoute } from './routes.ts';

/** Adds the API. Replies are written by the schemas that also generate the documentation. */
export function addApi(server: FastifyInstance, context: ApiContext, live: LiveFeed): void {
  addRoutes(server, apiRoutes(context));
  live.addRoute(server, context.watch);
}

/** Aborting a request ends its query. */
function addRoutes(server: FastifyInstance, routes: readonly ApiRoute[]): void {
  const failed = jsonSchema(errorReply, 'output');
  for (const route of routes) {
    const { method, path, request, reply: answered, answer } = route;
    const failures = Object.keys(errorsOf(route)).map((status) => [status, failed] as const);
    server.route({
      method,
      url: path,
      schema: {
        response: { 200: jsonSchema(answered, 'output'), ...Object.fromEntries(failures) },
      },
      handler: async (incoming: FastifyRequest, reply: FastifyReply) => {
        const input = request?.parse(incoming.body ?? {});
        const gone = new AbortController();
        reply.raw.once('close', () => gone.abort());
        void reply.header('cache-control', 'no-store');
        return answer(input, gone.signal);
      },
    });
  }
}
