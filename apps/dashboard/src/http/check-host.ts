import type { FastifyInstance } from 'fastify';
import { isIP } from 'node:net';

/**
 * Refuses requests that name another host than this one. A web site can let its own name lead to this
 * machine (DNS rebinding), and would then read the page's answers as its own; an address, or
 * `localhost`, no site has for a name.
 *
 * @param names by which the page is reached besides, in lower case
 */
export function checkHost(server: FastifyInstance, names: readonly string[]): void {
  server.addHook('onRequest', async (request, reply) => {
    const name = request.hostname.replace(/^\[|\]$/g, '').toLowerCase();
    if (name === 'localhost' || isIP(name) > 0 || names.includes(name)) return;
    const message = `the dashboard is not known as ${JSON.stringify(name.slice(0, 100))}; if that is its name, add it to HW_DASHBOARD_HOST_NAMES`;
    return reply.code(421).send({ error: { code: 'HW_DASHBOARD_HOST', message } });
  });
}
