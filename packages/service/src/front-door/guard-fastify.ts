import type { FastifyInstance } from 'fastify';
import { Readable } from 'node:stream';
import type { Bodies } from './bodies.ts';
import { checkRequest, type Refusal, type RequestRules } from './check-request.ts';

/**
 * Makes a Fastify server reject requests that break the access rules. Call this before you add any
 * other hook, so that rejected requests count nowhere.
 *
 * @param reply makes the body of a rejection, in the format of the server's other errors
 */
export function guardRequests(
  server: FastifyInstance,
  rules: RequestRules,
  reply: (refusal: Refusal) => object,
): void {
  server.addHook('onRequest', async (request, answer) => {
    const refusal = checkRequest(request.raw, rules);
    if (refusal !== undefined) return answer.code(refusal.status).send(reply(refusal));
  });
}

/** Makes a Fastify server read bodies within a budget. Errors go to its error handler. */
export function readBodies(server: FastifyInstance, bodies: Bodies, bytesMax: number): void {
  server.addHook('preParsing', async ({ raw }, reply, payload) => {
    const { headers } = raw;
    const hasBody = 'transfer-encoding' in headers || Number(headers['content-length'] ?? 0) > 0;
    return hasBody ? Readable.from([await bodies.read(raw, reply.raw, bytesMax)]) : payload;
  });
}
