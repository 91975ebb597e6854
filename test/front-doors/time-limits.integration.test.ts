import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  RegisterStreamConsumerCommand,
  SubscribeToShardCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttp2Handler, NodeHttpHandler } from '@smithy/node-http-handler';
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientOf } from '../../apps/kinesis-local/test/client.ts';
import { doorNames } from './door-names.ts';
import { startDoors, type Door, type Doors } from './doors.ts';
import { headOf, statusesIn, untilClosed } from './raw-http.ts';
import { report, startSecondClient } from './second-client.ts';
import { drip } from './send-slowly.ts';

// Short enough to be waited for, and long enough for a client on a busy machine.
const limits = {
  headersMs: 4_000,
  bodyStallMs: 4_000,
  bodyMs: 6_000,
  idleMs: 5_000,
  lingerMs: 3_000,
  checkMs: 100,
};

let doors: Doors;
const doorOf = (name: string) => doors.doors.find((door) => door.name === name) as Door;

beforeAll(async () => {
  doors = await startDoors(limits);
});
afterAll(() => doors[Symbol.asyncDispose]());

/**
 * The behaviors of slow clients, each until its connection is closed. They report the answers that
 * they got.
 */
const slowClients: Readonly<Record<string, (door: Door, socket: Socket) => Promise<void> | void>> =
  {
    'says nothing': () => undefined,
    'begins TLS and goes no further': (_door, socket) => {
      socket.write(Buffer.from([0x16, 3, 1]));
    },
    'sends half a header': (door, socket) => {
      socket.write(headOf(door, door.cheap).slice(0, 30));
    },
    'sends its header byte by byte': (door, socket) =>
      drip(socket, headOf(door, door.cheap, { 'x-long': 'a'.repeat(1_000) }), 100),
    'sends blank lines for ever': (_door, socket) => drip(socket, '\r\n'.repeat(1_000), 100),
    'sends half a body': (door, socket) => {
      socket.write(`${headOf(door, door.withBody, { 'content-length': '1000' })}{`);
    },
    'sends its body byte by byte': (door, socket) => {
      const body = ' '.repeat(1_000);
      socket.write(headOf(door, door.withBody, { 'content-length': String(body.length) }));
      return drip(socket, body, 100);
    },
    'sends chunks of one byte': (door, socket) => {
      const head = headOf(door, { ...door.withBody, body: '' }, { 'transfer-encoding': 'chunked' });
      socket.write(head);
      return drip(socket, '1\r\n \r\n'.repeat(1_000), 20);
    },
    'never asks again': (door, socket) => {
      socket.write(headOf(door, door.cheap) + door.cheap.body);
    },
    'asks once, and then sends blank lines': async (door, socket) => {
      socket.write(headOf(door, door.cheap) + door.cheap.body);
      await drip(socket, '\r\n'.repeat(1_000), 100);
    },
    'does not come to the end of a body that was refused': (door, socket) => {
      const headers = { 'content-length': '1000', host: 'evil.example' };
      socket.write(headOf(door, door.withBody, headers));
      return drip(socket, ' '.repeat(999), 100);
    },
  };

describe.concurrent.each(doorNames)('%s', (name) => {
  // Goal: a slow client loses its connection. Method: all kinds of them at the same time, until
  // each is closed, while another client sends requests. None of them ever ends its own connection.
  it('disconnects slow clients, and answers others in the meantime', async () => {
    const door = doorOf(name);
    const second = startSecondClient(door);
    const all = Object.entries(slowClients).map(async ([what, act]) => {
      const socket = await door.open();
      const [text] = await Promise.all([untilClosed(socket), act(door, socket)]);
      return { what, statuses: statusesIn(text) };
    });
    const ends = await Promise.all(all);
    const calls = await second.untilAnswered();
    report(door, 'slow clients', { calls, longestMs: await second.stop() });
    for (const { what, statuses } of ends) {
      const isAsked = what.startsWith('never asks') || what.startsWith('asks once');
      if (isAsked) expect({ what, statuses }).toEqual({ what, statuses: [200] });
      else
        expect({ what, statuses }).not.toMatchObject({
          statuses: expect.arrayContaining([200]) as number[],
        });
    }
    const refused = ends.find(({ what }) => what.startsWith('does not come'));
    expect(refused?.statuses).toEqual([421]);
  });
});

describe.concurrent.each(['kinesis-local', 'kinesis-local within TLS'])(
  '%s over HTTP/2',
  (name) => {
    const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
    const emptySettings = '\0\0\0\x04\0\0\0\0\0';
    const slow: Readonly<Record<string, string>> = {
      'begins and says nothing': preface,
      'begins and asks nothing': preface + emptySettings,
      'sends half a preface': preface.slice(0, 10),
      'sends half a frame': `${preface}${emptySettings}\0\0\x10`,
    };

    it.each(Object.entries(slow))('disconnects a client that %s', async (_what, text) => {
      const door = doorOf(name);
      // Over TLS, Node gives HTTP/2 only to clients that negotiated it. Others are rejected
      // immediately.
      const socket = await door.open();
      socket.write(Buffer.from(text, 'latin1'));
      expect(await untilClosed(socket)).not.toContain('200');
    });

    it('answers bodies that never end, ends idle connections, and keeps connections in use', async () => {
      const door = doorOf(name);
      const origin = `http${door.isTls ? 's' : ''}://127.0.0.1:${door.port}`;
      const session = connectHttp2(origin, { rejectUnauthorized: false });
      const closed = once(session, 'close');
      const statuses = await Promise.all(
        Array.from({ length: 50 }, async () => {
          const stream = session.request({
            ':method': 'POST',
            ':path': '/',
            ...door.withBody.headers,
          });
          stream.on('error', () => undefined);
          stream.write('{');
          const [headers] = (await once(stream, 'response')) as [{ ':status'?: number }];
          stream.resume();
          return headers[':status'];
        }),
      );
      expect(new Set(statuses)).toEqual(new Set([408]));
      await closed;
    });
  },
);

describe.concurrent('a connection that is slow by design', () => {
  it('is not ended: the live feed of the dashboard', async () => {
    const door = doorOf('the dashboard');
    const socket = await door.open();
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const call = { method: 'GET', path: '/api/live', headers: {}, body: '' };
    socket.write(headOf(door, call));
    // A tick comes every two seconds: more than any of the limits lasts.
    await expect.poll(() => text.split('event: tick').length).toBeGreaterThan(6);
    expect(socket.destroyed).toBe(false);
    socket.destroy();
  });

  it.each([
    { version: 'HTTP/1.1', handler: () => new NodeHttpHandler() },
    { version: 'HTTP/2', handler: () => new NodeHttp2Handler() },
  ])('is not ended: a subscription over $version', async ({ version, handler }) => {
    const client = clientOf(`http://127.0.0.1:${doors.kinesisPort}`, handler());
    const StreamName = `of-${version.replace('/', '-')}`;
    await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    const { StreamDescriptionSummary: stream } = await client.send(
      new DescribeStreamSummaryCommand({ StreamName }),
    );
    const { Consumer: consumer } = await client.send(
      new RegisterStreamConsumerCommand({ StreamARN: stream?.StreamARN, ConsumerName: 'patient' }),
    );
    const { EventStream = [] } = await client.send(
      new SubscribeToShardCommand({
        ConsumerARN: consumer?.ConsumerARN,
        ShardId: 'shardId-000000000000',
        StartingPosition: { Type: 'LATEST' },
      }),
    );
    const startMs = performance.now();
    let lastedMs = 0;
    for await (const event of EventStream) {
      expect(event.SubscribeToShardEvent).toBeDefined();
      lastedMs = performance.now() - startMs;
      if (lastedMs > 2 * limits.bodyMs) break;
    }
    expect(lastedMs).toBeGreaterThan(2 * limits.bodyMs);
    client.destroy();
  });
});
