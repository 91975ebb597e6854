import type { FastifyInstance } from 'fastify';
import { isIP } from 'node:net';

const headers = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * Nothing from elsewhere runs in the page. While the page is for this machine alone, a request that
 * names another host is refused, so that no web site can reach it by a name of its own.
 */
export function addSecurityHeaders(server: FastifyInstance, boundHost: string): void {
  server.addHook('onRequest', async (request, reply) => {
    void reply.headers(headers);
    if (loopback.has(boundHost) && !isLocalName(request.hostname)) {
      return reply.code(421).send({
        error: { code: 'HW_DASHBOARD_HOST', message: 'the dashboard is for this machine alone' },
      });
    }
  });
}

function isLocalName(hostname: string): boolean {
  const name = hostname.replace(/^\[|\]$/g, '');
  return loopback.has(name) || isIP(name) > 0;
}
