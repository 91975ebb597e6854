import { parseMetrics } from '@highwater/service';
import type { ServiceSample, TakeSnapshot } from './service-sample.ts';

const timeoutMs = 1_500;
const textCharactersMax = 8_000_000;

/** A service's name and address. */
export interface ServiceTarget {
  readonly service: string;
  readonly url: string;
}

/**
 * Reads `aggregator=http://127.0.0.1:9001,…`.
 *
 * @returns the targets, and a description of invalid parts
 */
export function parseTargets(text: string): {
  readonly targets: readonly ServiceTarget[];
  readonly problems: readonly string[];
} {
  const targets: ServiceTarget[] = [];
  const problems: string[] = [];
  for (const part of text.split(',').map((each) => each.trim())) {
    if (part === '') continue;
    const at = part.indexOf('=');
    const url = part.slice(at + 1);
    if (at > 0 && URL.canParse(url) && /^https?:/.test(url)) {
      targets.push({ service: part.slice(0, at), url: new URL(url).origin });
    } else {
      problems.push(`HW_DASHBOARD_SERVICES: ${part} must be name=http://host:port`);
    }
  }
  return { targets, problems };
}

/**
 * Asks every service separately. A service that does not answer is down, and the others are still
 * shown.
 */
export function scrapeServices(targets: readonly ServiceTarget[]): TakeSnapshot {
  return async (signal) => ({
    source: targets.length > 0 ? 'scrape' : 'none',
    problem: null,
    services: await Promise.all(targets.map((target) => scrape(target, signal))),
  });
}

async function scrape(target: ServiceTarget, signal: AbortSignal): Promise<ServiceSample> {
  const { url } = target;
  const attempt = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const [ready, metrics] = await Promise.all(
      ['/readyz', '/metrics'].map((path) => fetch(url + path, { signal: attempt })),
    );
    const detail = ((await ready?.text()) ?? '').trim().slice(0, 40);
    const text = ((await metrics?.text()) ?? '').slice(0, textCharactersMax);
    return { ...target, isUp: true, detail, samples: parseMetrics(text) };
  } catch (error) {
    return { ...target, isUp: false, detail: reason(error), samples: [] };
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`;
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return code === 'ECONNREFUSED' ? 'connection refused' : code || error.message;
}
