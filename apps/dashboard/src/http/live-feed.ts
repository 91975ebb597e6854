import type { Clock, RowReader } from '@highwater/model';
import type { FastifyInstance } from 'fastify';
import type { ServerResponse } from 'node:http';
import type { LiveEvents, LiveTick } from '../contract.ts';
import { readCorrections } from '../corrections/read-corrections.ts';
import { BusyError } from '../errors.ts';
import type { PipelineWatch } from '../pipeline/pipeline-watch.ts';
import { livePath } from './open-api.ts';

const clientsMax = 32;
/** Maximum from one address, so that one client leaves connections for others. */
const clientsOfAddressMax = 16;
const tickMs = 2_000;
/** A correction is known shortly after its points arrived. This overlap covers the delay. */
const lookBackMs = 120_000;
const correctionsMax = 200;
/** Maximum bytes buffered for a slow client. */
const waitingBytesMax = 4 * 1_048_576;

/**
 * The live connection: `tick` (time, and whether the store answers), `pipeline`, `corrections`.
 * Queries the store only while clients are connected.
 */
export class LiveFeed {
  /** With the address of each. */
  readonly #clients = new Map<ServerResponse, string>();
  readonly #reader: RowReader;
  readonly #clock: Clock;
  #sent = new Set<string>();
  #wake = Promise.withResolvers<void>();

  constructor(reader: RowReader, clock: Clock) {
    this.#reader = reader;
    this.#clock = clock;
  }

  /** Adds the route of the live connection. */
  addRoute(server: FastifyInstance, watch: PipelineWatch): void {
    server.get(livePath, ({ ip }, reply) => {
      if (this.#clients.size >= clientsMax) {
        throw new BusyError(
          `opening a live connection: ${clientsMax} are open, which is the limit`,
        );
      }
      const ofAddress = [...this.#clients.values()].filter((each) => each === ip);
      if (ofAddress.length >= clientsOfAddressMax) {
        const message = `opening a live connection: ${clientsOfAddressMax} from ${ip} are open, which is the limit`;
        throw new BusyError(message);
      }
      reply.hijack();
      const { raw } = reply;
      for (const [name, value] of Object.entries(reply.getHeaders())) {
        if (value !== undefined) raw.setHeader(name, value);
      }
      raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      raw.write('retry: 2000\n\n');
      this.#clients.set(raw, ip);
      this.#wake.resolve();
      const listening = watch.listen((news) => send(raw, 'pipeline', news));
      raw.once('close', () => {
        listening[Symbol.dispose]();
        this.#clients.delete(raw);
      });
    });
  }

  /** Sends events to the clients until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#wake.resolve(), { once: true });
    while (!signal.aborted) {
      if (this.#clients.size === 0) {
        this.#wake = Promise.withResolvers();
        await this.#wake.promise;
        continue;
      }
      await this.#tell(signal);
      await this.#clock.sleep(tickMs, signal).catch(() => undefined);
    }
    for (const client of this.#clients.keys()) client.end();
  }

  async #tell(signal: AbortSignal): Promise<void> {
    const atMs = this.#clock.nowMs();
    let tick: LiveTick = { atMs, store: 'ok', detail: null };
    try {
      const news = await this.#newCorrections(atMs, signal);
      if (news.length > 0) this.#broadcast('corrections', news);
    } catch (error) {
      tick = { atMs, store: 'down', detail: error instanceof Error ? error.message : null };
    }
    this.#broadcast('tick', tick);
  }

  async #newCorrections(atMs: number, signal: AbortSignal) {
    const { corrections } = await readCorrections(
      this.#reader,
      {
        fromMs: atMs - lookBackMs,
        toMs: atMs + 60_000,
        measures: [],
        filters: {},
        order: 'arrival',
        limit: correctionsMax,
      },
      signal,
    );
    const keyed = corrections.map((each) => ({ each, key: JSON.stringify(each) }));
    const news = keyed.filter(({ key }) => !this.#sent.has(key));
    this.#sent = new Set(keyed.map(({ key }) => key));
    return news.map(({ each }) => each);
  }

  #broadcast<Name extends keyof LiveEvents>(event: Name, data: LiveEvents[Name]): void {
    for (const client of this.#clients.keys()) send(client, event, data);
  }
}

/** Disconnects a client that does not read. Its browser reconnects by itself. */
function send<Name extends keyof LiveEvents>(
  client: ServerResponse,
  event: Name,
  data: LiveEvents[Name],
): void {
  if (client.writableLength > waitingBytesMax) client.destroy();
  else client.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
