import type { Finding } from './finding.ts';

/** Checks whether Prometheus answers. */
export async function checkPrometheus(
  url: string,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const what = 'Prometheus';
  const fix = 'start Prometheus, or correct HW_PROMETHEUS_URL';
  try {
    const reply = await fetch(new URL('-/ready', url.endsWith('/') ? url : `${url}/`), { signal });
    await reply.arrayBuffer();
    if (reply.ok) return [{ what, verdict: 'ok', found: `${url} is ready` }];
    return [{ what, verdict: 'fail', found: `${url} answered with status ${reply.status}`, fix }];
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string } };
    return [{ what, verdict: 'fail', found: `${url}: ${cause?.code ?? message}`, fix }];
  }
}
