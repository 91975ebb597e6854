import { QueryCommand, type TimestreamQueryClient } from '@aws-sdk/client-timestream-query';
import { queryClient } from './sdk-clients.ts';
import type { ServerProcess } from './server-process.ts';

const runsCount = 9;

/** A statement and how long the client waited for its whole answer. */
export interface QueryTime {
  readonly text: string;
  /** The first after the start of the server: nothing is in memory yet. */
  readonly firstMs: number;
  /** The median of the following runs. */
  readonly medianMs: number;
  readonly rowsCount: number;
}

const statements: readonly string[] = [
  `SELECT * FROM "bench"."stored" WHERE measure_name IN ('cpu_idle', 'cpu_user') LIMIT 100`,
  `SELECT bin(time, 1m), avg(measure_value::double) FROM "bench"."stored" GROUP BY 1`,
  `SELECT instance_name, bin(time, 10m), avg(measure_value::double), max(measure_value::double)
   FROM "bench"."stored" WHERE measure_name = 'cpu_idle' AND time > ago(1h) GROUP BY 1, 2`,
  `SELECT instance_name, approx_percentile(measure_value::double, 0.99)
   FROM "bench"."stored" WHERE measure_name = 'cpu_idle' GROUP BY 1`,
];

/** Times the statements over the stored rows, one after another. */
export async function queryTimes(server: ServerProcess): Promise<readonly QueryTime[]> {
  const client = queryClient(server.endpoint);
  const times: QueryTime[] = [];
  for (const text of statements) {
    const first = await ask(client, text);
    const others: number[] = [];
    for (let run = 0; run < runsCount; run += 1) others.push((await ask(client, text)).durationMs);
    times.push({
      text: text.replace(/\s+/g, ' '),
      firstMs: first.durationMs,
      medianMs: others.toSorted((a, b) => a - b)[runsCount >> 1] ?? NaN,
      rowsCount: first.rowsCount,
    });
  }
  client.destroy();
  return times;
}

async function ask(client: TimestreamQueryClient, QueryString: string) {
  const beganMs = performance.now();
  let rowsCount = 0;
  let NextToken: string | undefined;
  do {
    const page = await client.send(new QueryCommand({ QueryString, NextToken }));
    rowsCount += page.Rows?.length ?? 0;
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return { durationMs: performance.now() - beganMs, rowsCount };
}
