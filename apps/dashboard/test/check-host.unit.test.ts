import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { checkHost } from '../src/http/check-host.ts';

async function statusFor(host: string, names: readonly string[] = []): Promise<number> {
  await using server = fastify();
  checkHost(server, names);
  server.get('/', () => 'the page');
  const { statusCode } = await server.inject({ url: '/', headers: { host } });
  return statusCode;
}

describe('checkHost', () => {
  it.each(['localhost', 'LocalHost:8080', '127.0.0.1:8080', '[::1]:8080', '10.0.0.7'])(
    'answers under %s, which no web site has for a name',
    async (host) => {
      expect(await statusFor(host)).toBe(200);
    },
  );

  it.each(['rebound.example:8080', 'localhost.example', '127.0.0.1.example', 'x'])(
    'refuses %s, whatever address it leads to',
    async (host) => {
      expect(await statusFor(host)).toBe(421);
    },
  );

  it('answers under the names that it was given, and under no part of them', async () => {
    const names = ['water.example'];
    expect(await statusFor('Water.Example:443', names)).toBe(200);
    expect(await statusFor('evil.water.example', names)).toBe(421);
  });
});
