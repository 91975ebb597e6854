import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { correctionsRequest, pointsRequest, queryRequest } from '../src/contract/requests.ts';
import { QueryRefusedError } from '@highwater/store-kit';
import { replyToErrors } from '../src/http/reply-error.ts';

const nothing = () => undefined;
const log = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
const bodyBytesMax = 131_072;

function serverOf() {
  const server = fastify({ bodyLimit: bodyBytesMax });
  replyToErrors(server, log);
  const schemas = { corrections: correctionsRequest, points: pointsRequest, query: queryRequest };
  for (const [name, schema] of Object.entries(schemas)) {
    server.post(`/${name}`, (request) => schema.parse(request.body));
  }
  server.post('/refused', () => {
    throw new QueryRefusedError(`Column '${'a'.repeat(60_000)}' does not exist`);
  });
  return server;
}

describe('an error of the API', () => {
  const filters = Object.fromEntries(Array.from({ length: 9_000 }, (_, i) => [`d${i}`, 1]));
  it.each([
    { path: 'corrections', body: { measures: Array.from({ length: 40_000 }, () => 1) } },
    { path: 'points', body: { filters } },
    { path: 'points', body: { filters: { a: Array.from({ length: 40_000 }, () => 1) } } },
    { path: 'points', body: { filters: { ['x'.repeat(100_000)]: 1 } } },
    { path: 'query', body: Array.from({ length: 40_000 }, () => 1) },
    { path: 'refused', body: {} },
  ])('to $path is short, however much is wrong', async ({ path, body }) => {
    const response = await serverOf().inject({ method: 'POST', url: `/${path}`, payload: body });
    expect(response.statusCode).toBe(400);
    expect(response.body.length).toBeLessThan(10_000);
  });
});
