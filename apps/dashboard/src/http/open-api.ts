import { version } from '@highwater/service';
import { z } from 'zod';
import type { ApiRoute } from './routes.ts';

/** The API's description, from the same schemas that check the requests. */
export function openApiDocument(routes: readonly ApiRoute[]): unknown {
  const error = {
    description: 'What went wrong: `{ error: { code, message, line?, column? } }`',
  };
  const paths = Object.fromEntries(
    routes.map(({ method, path, summary, request }) => [
      path,
      {
        [method.toLowerCase()]: {
          summary,
          ...(request && {
            requestBody: {
              required: true,
              content: {
                'application/json': { schema: z.toJSONSchema(request, { io: 'input' }) },
              },
            },
          }),
          responses: {
            200: { description: summary, content: { 'application/json': {} } },
            400: error,
            429: error,
            503: error,
          },
        },
      },
    ]),
  );
  return {
    openapi: '3.1.0',
    info: { title: 'Highwater dashboard', version },
    paths: {
      ...paths,
      '/api/live': {
        get: {
          summary: 'Server-sent events: tick, pipeline, corrections',
          responses: { 200: { description: 'Events', content: { 'text/event-stream': {} } } },
        },
      },
    },
  };
}
