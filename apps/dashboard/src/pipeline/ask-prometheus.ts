import { z } from 'zod';
import type { MetricSample } from '@highwater/service';
import type { ServiceSample, TakeSnapshot } from './service-sample.ts';

const timeoutMs = 3_000;

/** The metrics of Highwater's services, and the state of each process. */
const selector =
  '{__name__=~"(highwater|kinesis|sink|aggregator|raw_writer|upsert_writer|generator)_.*|up|process_.*",__name__!~".*_bucket"}';

const replySchema = z.object({
  data: z.object({
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        value: z.tuple([z.number(), z.string()]),
      }),
    ),
  }),
});

/** Asks a Prometheus server, whose targets are the services: `job` names them, `instance` the process. */
export function askPrometheus(prometheusUrl: string): TakeSnapshot {
  const url = new URL('/api/v1/query', prometheusUrl);
  url.searchParams.set('query', selector);
  return async (signal) => {
    try {
      const attempt = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const response = await fetch(url, { signal: attempt });
      const { data } = replySchema.parse(await response.json());
      return { source: 'prometheus', problem: null, services: groupByInstance(data.result) };
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      return {
        source: 'prometheus',
        problem: `Reading metrics from Prometheus failed: ${problem}. Check HW_PROMETHEUS_URL.`,
        services: [],
      };
    }
  };
}

type Result = z.output<typeof replySchema>['data']['result'];

function groupByInstance(result: Result): readonly ServiceSample[] {
  const byInstance = new Map<string, { service: string; url: string; samples: MetricSample[] }>();
  for (const { metric, value } of result) {
    const { __name__: name = '', job = '', instance = '', ...labels } = metric;
    if (!Number.isFinite(Number(value[1]))) continue;
    const key = `${job}\0${instance}`;
    const found = byInstance.get(key) ?? { service: job, url: instance, samples: [] };
    byInstance.set(key, found);
    found.samples.push({ name, labels, value: Number(value[1]) });
  }
  return [...byInstance.values()]
    .filter(({ samples }) => samples.some(({ name }) => /^(highwater|generator)_/.test(name)))
    .map((each) => {
      const isUp = each.samples.every(({ name, value }) => name !== 'up' || value === 1);
      return { ...each, isUp, detail: isUp ? 'up' : 'Prometheus cannot reach it' };
    });
}
