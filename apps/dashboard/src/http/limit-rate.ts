import type { Clock } from '@highwater/model';
import type { FastifyInstance } from 'fastify';

/** Answers 429 to what comes faster than a rate, all clients together. */
export function limitRate(
  server: FastifyInstance,
  { perSecondMax, clock }: { readonly perSecondMax: number; readonly clock: Clock },
): void {
  let budget = perSecondMax;
  let atMs = clock.monotonicMs();
  server.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/api/')) return;
    const nowMs = clock.monotonicMs();
    budget = Math.min(perSecondMax, budget + ((nowMs - atMs) / 1000) * perSecondMax);
    atMs = nowMs;
    if (budget < 1) {
      const message = `more than ${perSecondMax} requests a second`;
      return reply
        .code(429)
        .header('retry-after', '1')
        .send({ error: { code: 'HW_DASHBOARD_BUSY', message } });
    }
    budget -= 1;
  });
}
