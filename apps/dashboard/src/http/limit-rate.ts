import type { Clock, ErrorCode } from '@highwater/model';
import type { FastifyInstance } from 'fastify';

/** So many clients may ask as fast as one may; more share that. */
const clientsAtFullRate = 4;
/** Addresses that are remembered; the one that has asked nothing for longest is forgotten. */
const clientsKeptMax = 1_000;

/**
 * Answers 429 to what comes faster than a rate, for each client and for all together. A client is an
 * address: whoever comes through the same proxy is one.
 *
 * @param perSecondMax of one client; all together have four times that
 */
export function limitRate(
  server: FastifyInstance,
  { perSecondMax, clock }: { readonly perSecondMax: number; readonly clock: Clock },
): void {
  const all = new Allowance(perSecondMax * clientsAtFullRate, clock);
  const clients = new Map<string, Allowance>();
  server.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/api/')) return;
    const { ip } = request;
    const client = clients.get(ip) ?? new Allowance(perSecondMax, clock);
    clients.delete(ip);
    clients.set(ip, client);
    if (clients.size > clientsKeptMax) clients.delete(clients.keys().next().value ?? '');
    if (client.take() && all.take()) return;
    const message = `this client sends more than ${perSecondMax} requests per second; send fewer`;
    return reply
      .code(429)
      .header('retry-after', '1')
      .send({ error: { code: 'HW_DASHBOARD_BUSY' satisfies ErrorCode, message } });
  });
}

/** Fills up over a second, and is used up by one a request. */
class Allowance {
  readonly #perSecondMax: number;
  readonly #clock: Clock;
  #left: number;
  #atMs: number;

  constructor(perSecondMax: number, clock: Clock) {
    this.#perSecondMax = perSecondMax;
    this.#clock = clock;
    this.#left = perSecondMax;
    this.#atMs = clock.monotonicMs();
  }

  take(): boolean {
    const nowMs = this.#clock.monotonicMs();
    const gained = ((nowMs - this.#atMs) / 1000) * this.#perSecondMax;
    this.#left = Math.min(this.#perSecondMax, this.#left + gained);
    this.#atMs = nowMs;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
