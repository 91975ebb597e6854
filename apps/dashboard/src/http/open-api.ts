import { version } from '@highwater/service';
import { z } from 'zod';
import { errorReply, liveEvents } from '../contract.ts';
import { jsonSchema } from './json-schema.ts';
import { errorsOf, type RouteSchemas } from './route-schemas.ts';

/** The reply of `/api/openapi.json`. */
export const openApiReply = z
  .looseObject({ openapi: z.string(), info: z.looseObject({}), paths: z.looseObject({}) })
  .describe('This document');

/** Path of the live connection. */
export const livePath = '/api/live';

/**
 * The API's description, from the same schemas that check the requests and write the replies. The
 * version is 3.2, the first that can describe the events of a stream.
 */
export function openApiDocument(routes: readonly RouteSchemas[]): z.output<typeof openApiReply> {
  const paths = Object.fromEntries(
    routes.map((route) => [route.path, { [route.method.toLowerCase()]: operation(route) }]),
  );
  return {
    openapi: '3.2.0',
    info: { title: 'Highwater dashboard', version },
    paths: { ...paths, [livePath]: { get: liveOperation() } },
    components: { schemas: { ErrorReply: jsonSchema(errorReply, 'output') } },
  };
}

function operation(route: RouteSchemas): unknown {
  const { summary, request, reply } = route;
  return {
    summary,
    ...(request && {
      requestBody: { required: true, content: json(jsonSchema(request, 'input')) },
    }),
    responses: {
      200: { description: summary, content: json(jsonSchema(reply, 'output')) },
      ...errorResponses(errorsOf(route)),
    },
  };
}

function liveOperation(): unknown {
  const events = Object.entries(liveEvents).map(([name, data]) => ({
    properties: {
      event: { const: name },
      data: { contentMediaType: 'application/json', contentSchema: jsonSchema(data, 'output') },
    },
  }));
  const itemSchema = {
    type: 'object',
    properties: { event: { type: 'string' }, data: { type: 'string' } },
    required: ['event', 'data'],
    oneOf: events,
  };
  return {
    summary: 'Live state and new points, as they arrive',
    responses: {
      200: {
        description: 'Server-sent events, until the client closes the connection',
        content: { 'text/event-stream': { itemSchema } },
      },
      ...errorResponses(errorsOf({ method: 'GET' })),
    },
  };
}

function errorResponses(errors: Readonly<Record<string, string>>): Record<string, unknown> {
  const content = json({ $ref: '#/components/schemas/ErrorReply' });
  return Object.fromEntries(
    Object.entries(errors).map(([status, description]) => [status, { description, content }]),
  );
}

function json(schema: unknown): unknown {
  return { 'application/json': { schema } };
}
