import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { valuesRequest } from '../src/contract/requests.ts';
import { replyToErrors } from '../src/http/reply-error.ts';
import { addSecurityHeaders } from '../src/http/security-headers.ts';

const nothing = () => undefined;
const log = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

function serverOf() {
  const server = fastify();
  addSecurityHeaders(server);
  replyToErrors(server, log);
  server.get('/', () => 'page');
  server.post('/body', (request) => valuesRequest.parse(request.body));
  return server;
}

describe('the security headers', () => {
  it.each(['/', '/nowhere', '/%00'])('are on every answer: %s', async (url) => {
    const { headers } = await serverOf().inject(url);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    const policy = String(headers['content-security-policy']).split('; ');
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
      ]),
    );
    expect(policy.join()).not.toMatch(/unsafe|\*|https?:/);
  });

  it('do not include one that lets another origin read', async () => {
    const origin = 'http://evil.example';
    const headers = { origin, 'access-control-request-method': 'POST' };
    for (const method of ['GET', 'OPTIONS'] as const) {
      const answer = await serverOf().inject({ method, url: '/', headers });
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-'))).toEqual([]);
    }
  });
});

describe('a body', () => {
  it.each(['{"__proto__":{"a":1}}', '{"x":{"__proto__":1}}', '{"constructor":{"prototype":1}}'])(
    'that would change prototypes is rejected: %s',
    async (payload) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await serverOf().inject({ method: 'POST', url: '/body', payload, headers });
      expect(answer.statusCode).toBe(400);
    },
  );

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'that a page of another origin can send without permission is rejected: %s',
    async (type) => {
      const headers = { 'content-type': type };
      const answer = await serverOf().inject({
        method: 'POST',
        url: '/body',
        payload: '{}',
        headers,
      });
      expect([400, 415]).toContain(answer.statusCode);
    },
  );
});
