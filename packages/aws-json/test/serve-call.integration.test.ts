import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { startApi, type Answered, type Api, type BodyFormat, type Call } from '../src/index.ts';

const format: BodyFormat = {
  contentType: 'application/x-amz-json-1.1',
  decode: (body) => JSON.parse(body.toString()) as unknown,
  encode: (value) => JSON.stringify(value),
};

type Operation = (call: Call<BodyFormat>) => unknown;

/** An API whose operations are defined by the tests. */
async function startExample(operations: Readonly<Record<string, Operation>>) {
  const answered: Answered[] = [];
  const api: Api<BodyFormat, Operation> = {
    targetPrefix: 'Example_1.',
    operations: new Map(Object.entries(operations)),
    formatOf: (type) => (type === format.contentType ? format : undefined),
    refusalFormat: format,
    bodyBytesMax: 1000,
    hostNames: [],
    hostNamesSetting: 'HW_EXAMPLE',
    monotonicMs: () => performance.now(),
    serveOther: (request, response) => {
      if (request.url !== '/other') return undefined;
      response.end('other');
      return Promise.resolve();
    },
    run: async (operation, call) => operation(call),
    explain: (error) => {
      if (String(error) === 'Error: cut') return 'cut';
      return { status: 400, type: 'Refused', message: String(error), members: { More: 1 } };
    },
    onAnswered: (one) => answered.push(one),
  };
  const address = { host: '127.0.0.1', port: 0, portVariable: 'HW_EXAMPLE_PORT' };
  const server = await startApi(api, { ...address, atEnd: 'cut' });
  const post = (target: string, body: string, headers: Readonly<Record<string, string>> = {}) =>
    fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': format.contentType, 'x-amz-target': target, ...headers },
      body,
    });
  return { post, server, answered, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

describe('a call', () => {
  it('is answered and counted by its operation', async () => {
    await using example = await startExample({ Echo: ({ input }) => input });
    const reply = await example.post('Example_1.Echo', '{"a":1}');
    expect(reply.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
    expect([reply.status, await reply.json()]).toEqual([200, { a: 1 }]);
    expect(await (await example.post('Example_1.Echo', '')).json()).toEqual({});
    const ok = { operation: 'Echo', status: 200, outcome: 'ok', isStream: false };
    expect(example.answered).toMatchObject([ok, ok]);
  });

  it.each([
    ['unknown_operation', 'unknown', 'Example_1.Nothing', '{}', {}],
    ['unknown_operation', 'unknown', 'Example_1.constructor', '{}', {}],
    ['unknown_operation', 'unknown', 'Another_1.Echo', '{}', {}],
    ['unknown_operation', 'Echo', 'Example_1.Echo', '{}', { 'content-type': 'text/plain' }],
    ['unreadable', 'Echo', 'Example_1.Echo', '{', {}],
    ['too_large', 'Echo', 'Example_1.Echo', `"${'x'.repeat(1000)}"`, {}],
    ['from_a_page', 'Echo', 'Example_1.Echo', '{}', { origin: 'http://elsewhere.example' }],
  ])(
    'that is %s, for %s, is rejected and counted',
    async (problem, operation, target, body, headers) => {
      await using example = await startExample({ Echo: ({ input }) => input });
      const reply = await example.post(target, body, headers);
      expect([reply.status, await reply.json()]).toMatchObject([
        400,
        { __type: 'Refused', More: 1 },
      ]);
      const error = { problem };
      expect(example.answered).toMatchObject([
        { operation, status: 400, outcome: 'Refused', error },
      ]);
    },
  );

  it('that is to be cut ends without an answer', async () => {
    await using example = await startExample({
      Cut: () => {
        throw new Error('cut');
      },
    });
    await expect(example.post('Example_1.Cut', '{}')).rejects.toThrow();
    expect(example.answered).toMatchObject([{ operation: 'Cut', outcome: 'cut' }]);
  });

  it('that fails within its stream is aborted, so that no client considers it complete', async () => {
    await using example = await startExample({
      Stream: ({ response }) => {
        response.writeHead(200).write('a part');
        throw new Error('broken');
      },
    });
    const read = async () => (await example.post('Example_1.Stream', '{}')).text();
    await expect(read()).rejects.toThrow();
    expect(example.answered).toMatchObject([{ operation: 'Stream', outcome: 'Refused' }]);
  });

  it('whose client is gone counts as 499', async () => {
    const { promise: gone, resolve: onGone } = Promise.withResolvers<void>();
    const { promise: begun, resolve: onBegun } = Promise.withResolvers<void>();
    await using example = await startExample({
      Wait: async ({ response }) => {
        response.once('close', onGone);
        onBegun();
        await gone;
        throw new Error('too late');
      },
    });
    const socket = connect(example.server.port, '127.0.0.1').on('error', () => undefined);
    socket.write(
      `POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: Example_1.Wait\r\nContent-Type: ${format.contentType}\r\nContent-Length: 2\r\n\r\n{}`,
    );
    await begun;
    socket.destroy();
    await expect.poll(() => example.answered).toMatchObject([{ operation: 'Wait', status: 499 }]);
  });
});

describe('a request that is not a call', () => {
  it('is answered by another handler, behind the same guard', async () => {
    await using example = await startExample({});
    const url = `${example.server.url}/other`;
    expect(await (await fetch(url)).text()).toBe('other');
    const stranger = await fetch(url, { headers: { origin: 'http://elsewhere.example' } });
    expect(await stranger.json()).toMatchObject({ __type: 'Refused' });
    expect(example.answered).toMatchObject([{ error: { problem: 'from_a_page' } }]);
    const socket = connect(example.server.port, '127.0.0.1');
    socket.end('GET /other HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n');
    expect(await text(socket)).toContain('Refused');
    expect(example.answered).toMatchObject([{}, { error: { problem: 'foreign_host' } }]);
  });
});
