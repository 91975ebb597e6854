import { prometheusUrl } from './compose.ts';

/** One series of the answer to an instant query. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Asks the stack's Prometheus for a value now; throws what it says is wrong with the query. */
export async function query(expression: string): Promise<readonly Sample[]> {
  const url = `${prometheusUrl}/api/v1/query?query=${encodeURIComponent(expression)}`;
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  const answer = (await response.json()) as Answer;
  if (answer.status !== 'success') throw new Error(`${expression}: ${answer.error}`);
  return answer.data.result.map(({ metric, value }) => ({
    labels: metric,
    value: Number(value[1]),
  }));
}

/** The one value of a query, 0 when there is none. */
export async function valueOf(expression: string): Promise<number> {
  return (await query(expression))[0]?.value ?? 0;
}

/** Looks once a second, for as long as a query may take to see what has happened. */
export const within = (timeoutMs: number) => ({ timeout: timeoutMs, interval: 1_000 });

/** The names of the alerts that are in this state now. */
export async function alerts(state: 'pending' | 'firing'): Promise<readonly string[]> {
  const samples = await query(`ALERTS{alertstate="${state}"}`);
  return [...new Set(samples.map(({ labels }) => labels['alertname'] ?? ''))].toSorted();
}

/** Alerts that a machine too slow for the stack raises by right, however well the stack is. */
const speedAlerts = [
  'HighwaterRawFreshnessBurn',
  'HighwaterConsumerBehind',
  'HighwaterEventLoopBlocked',
];

/** The alerts that have fired within this span, except those about a slow machine. */
export async function alertsFired(span: string): Promise<readonly string[]> {
  const samples = await query(
    `count by (alertname) (max_over_time(ALERTS{alertstate="firing"}[${span}]))`,
  );
  const names = samples.map(({ labels }) => labels['alertname'] ?? '');
  return names.filter((name) => !speedAlerts.includes(name)).toSorted();
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly value: readonly [number, string];
    }[];
  };
}
