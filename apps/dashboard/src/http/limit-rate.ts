import type { Clock, ErrorCode } from '@highwater/model';
import type { FastifyInstance } from 'fastify';

/** This many clients may each use the full rate of one. More clients share it. */
const clientsAtFullRate = 4;
/** Maximum remembered addresses. The one that was quiet longest is dropped. */
const clientsKeptMax = 1_000;

/**
 * Answers 429 to requests above a rate, per client and for all together. A client is an address, so
 * all users of a proxy are one client.
 *
 * @param perSecondMax for one client; all together have four times that
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

/** Refills within a second; each request takes one. */
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
