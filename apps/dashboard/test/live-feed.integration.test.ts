import type { StoredCorrection } from '@highwater/model';
import { SimulatedClock } from '@highwater/testkit';
import { fastify } from 'fastify';
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { StoreUnavailableError } from '@highwater/store-kit';
import { LiveFeed } from '../src/http/live-feed.ts';
import { livePath } from '../src/http/open-api.ts';
import { replyToErrors } from '../src/http/reply-error.ts';
import { PipelineWatch } from '../src/pipeline/pipeline-watch.ts';
import { answerOf, emptyReader } from './empty-reader.ts';

const nothing = () => undefined;
const log = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

/** A client of the live connection. */
interface Followed {
  readonly socket: Socket;
  /** The data of all events with a name so far. */
  readonly dataOf: (event: string) => readonly unknown[];
}

const startMs = Date.UTC(2026, 0, 1);

function correctionOf(host: string): StoredCorrection {
  return {
    measure: 'avg_tide',
    dimensions: { host },
    windowStartMs: startMs,
    windowEndMs: startMs + 10_000,
    knownAtMs: startMs + 12_000,
    from: 1,
    to: 2,
    points: 3,
    added: 1,
    late: 1,
    lateByMs: 5,
  };
}

/** A live feed on a real port, and a way to send much data to its clients. */
async function openFeed() {
  const clock = new SimulatedClock();
  const store = { corrections: [] as StoredCorrection[], isDown: false, askedCount: 0 };
  const reader = emptyReader({
    corrections: async () => {
      store.askedCount += 1;
      if (store.isDown) throw new StoreUnavailableError('querying the store: away');
      return answerOf([...store.corrections]);
    },
  });
  let problem: string | null = null;
  const watch = new PipelineWatch(async () => ({ source: 'none', problem, services: [] }), clock);
  const server = fastify({ forceCloseConnections: true });
  replyToErrors(server, log);
  const live = new LiveFeed(reader, clock);
  live.addRoute(server, watch);
  await server.listen({ host: '127.0.0.1', port: 0 });
  const { port: bound } = server.server.address() as AddressInfo;
  const stop = new AbortController();
  let running: Promise<void> | undefined;
  return {
    clock,
    store,
    /** Starts querying the store for the clients. */
    run: () => {
      running = live.run(stop.signal);
    },
    tell: async (characters: number) => {
      problem = 'x'.repeat(characters);
      await watch.look(new AbortController().signal);
    },
    /** A client that reads its first data, and nothing after. */
    listen: async (): Promise<{ socket: Socket; first: string }> => {
      const socket = connect(bound, '127.0.0.1');
      socket.on('error', nothing);
      socket.write(`GET ${livePath} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
      const [first] = (await once(socket, 'data')) as [Buffer];
      socket.pause();
      return { socket, first: first.toString() };
    },
    /** A client that reads everything, event by event. */
    follow: (): Followed => {
      let text = '';
      const socket = connect(bound, '127.0.0.1');
      socket.on('error', nothing);
      socket.on('data', (bytes: Buffer) => {
        text += bytes.toString();
      });
      socket.write(`GET ${livePath} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
      return {
        socket,
        dataOf: (event) =>
          [...text.matchAll(new RegExp(`event: ${event}\ndata: (.*)\n`, 'g'))].map(
            ([, data = '']): unknown => JSON.parse(data),
          ),
      };
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await server.close();
      await running;
    },
  };
}

describe('the live feed', () => {
  it('accepts a limited number of clients, and the next one when one has disconnected', async () => {
    await using feed = await openFeed();
    const clients = await Promise.all(Array.from({ length: 32 }, () => feed.listen()));
    expect((await feed.listen()).first).toMatch(/^HTTP\/1\.1 429 /);
    clients[0]?.socket.destroy();
    await expect.poll(async () => (await feed.listen()).first).toMatch(/^HTTP\/1\.1 200 /);
    for (const { socket } of clients) socket.destroy();
  });

  it('disconnects a client that does not read', async () => {
    await using feed = await openFeed();
    const slow = await feed.listen();
    const closed = once(slow.socket, 'close');
    // More than the limit plus the system's buffer for a socket.
    for (let told = 0; told < 40; told += 1) await feed.tell(1_048_576 + told);
    let read = 0;
    slow.socket.on('data', (bytes: Buffer) => {
      read += bytes.length;
    });
    await closed;
    expect(read).toBeLessThan(30 * 1_048_576);
  });

  it('accepts sixteen from one address, and leaves connections for others', async () => {
    await using feed = await openFeed();
    const clients = [];
    for (let count = 0; count < 16; count += 1) clients.push(await feed.listen());
    expect(clients.map(({ first }) => first.slice(0, 15))).toEqual(
      clients.map(() => 'HTTP/1.1 200 OK'),
    );
    expect((await feed.listen()).first).toMatch(/^HTTP\/1\.1 429 /);
    for (const { socket } of clients) socket.destroy();
  });

  it('queries the store only while clients are connected', async () => {
    await using feed = await openFeed();
    feed.run();
    await feed.clock.advance(20_000);
    expect(feed.store.askedCount).toBe(0);
    const { socket, dataOf } = feed.follow();
    await expect.poll(() => dataOf('tick')).toHaveLength(1);
    expect(feed.store.askedCount).toBeGreaterThan(0);
    socket.destroy();
  });

  it('sends a correction once, and the next one when it exists', async () => {
    await using feed = await openFeed();
    feed.store.corrections.push(correctionOf('a'));
    feed.run();
    const { socket, dataOf } = feed.follow();
    await expect.poll(() => dataOf('tick')).toHaveLength(1);
    await feed.clock.advance(2_000);
    await expect.poll(() => dataOf('tick')).toHaveLength(2);
    feed.store.corrections.unshift(correctionOf('b'));
    await feed.clock.advance(2_000);
    await expect.poll(() => dataOf('tick')).toHaveLength(3);
    expect(dataOf('corrections')).toMatchObject([
      [{ measure: 'avg_tide', dimensions: { host: 'a' }, from: 1, to: 2 }],
      [{ dimensions: { host: 'b' } }],
    ]);
    socket.destroy();
  });

  it('reports when the store is unavailable, and when it is back', async () => {
    await using feed = await openFeed();
    feed.store.isDown = true;
    feed.run();
    const { socket, dataOf } = feed.follow();
    await expect.poll(() => dataOf('tick')).toHaveLength(1);
    feed.store.isDown = false;
    await feed.clock.advance(2_000);
    await expect.poll(() => dataOf('tick')).toHaveLength(2);
    expect(dataOf('tick')).toMatchObject([
      { store: 'down', detail: 'querying the store: away' },
      { store: 'ok', detail: null },
    ]);
    socket.destroy();
  });
});
