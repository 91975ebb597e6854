import { SimulatedClock } from '@highwater/testkit';
import { fastify } from 'fastify';
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { LiveFeed } from '../src/http/live-feed.ts';
import { livePath } from '../src/http/open-api.ts';
import { replyToErrors } from '../src/http/reply-error.ts';
import { PipelineWatch } from '../src/pipeline/pipeline-watch.ts';
import { Tables } from '../src/store/tables.ts';

const nothing = () => undefined;
const log = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
const empty = { columns: [], rows: [], isTruncated: false, elapsedMs: 0, bytesScanned: 0 };

/** A live feed on a real port, and a way to tell much to who listens. */
async function openFeed() {
  const clock = new SimulatedClock();
  const port = { query: async () => empty };
  const tables = new Tables(port, { database: 'd', table: 't', corrections: 'c' }, clock);
  let problem: string | null = null;
  const watch = new PipelineWatch(async () => ({ source: 'none', problem, services: [] }), clock);
  const server = fastify({ forceCloseConnections: true });
  replyToErrors(server, log);
  new LiveFeed({ port, tables }, clock).addRoute(server, watch);
  await server.listen({ host: '127.0.0.1', port: 0 });
  const { port: bound } = server.server.address() as AddressInfo;
  return {
    tell: async (characters: number) => {
      problem = 'x'.repeat(characters);
      await watch.look(new AbortController().signal);
    },
    /** A client that reads what it has got once, and nothing after. */
    listen: async (): Promise<{ socket: Socket; first: string }> => {
      const socket = connect(bound, '127.0.0.1');
      socket.on('error', nothing);
      socket.write(`GET ${livePath} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
      const [first] = (await once(socket, 'data')) as [Buffer];
      socket.pause();
      return { socket, first: first.toString() };
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
}

describe('the live feed', () => {
  it('takes a bounded number of clients, and the next when one has gone', async () => {
    await using feed = await openFeed();
    const clients = await Promise.all(Array.from({ length: 32 }, () => feed.listen()));
    expect((await feed.listen()).first).toMatch(/^HTTP\/1\.1 429 /);
    clients[0]?.socket.destroy();
    await expect.poll(async () => (await feed.listen()).first).toMatch(/^HTTP\/1\.1 200 /);
    for (const { socket } of clients) socket.destroy();
  });

  it('lets a client go that does not read what it is told', async () => {
    await using feed = await openFeed();
    const slow = await feed.listen();
    const closed = once(slow.socket, 'close');
    // More than the bound and what the system keeps for a socket.
    for (let told = 0; told < 40; told += 1) await feed.tell(1_048_576 + told);
    let read = 0;
    slow.socket.on('data', (bytes: Buffer) => {
      read += bytes.length;
    });
    await closed;
    expect(read).toBeLessThan(30 * 1_048_576);
  });
});
