import { QueryCommand, TimestreamQueryClient } from '@aws-sdk/client-timestream-query';
import type { TimestreamTable } from '@highwater/timestream';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { tableArn } from './check-tables.ts';
import type { DoctorConfig } from './doctor-config.ts';
import { explainFailure } from './explain-failure.ts';
import type { Finding } from './finding.ts';

const variable = 'AWS_ENDPOINT_URL_TIMESTREAM_QUERY';

/** Checks whether the tables can be queried, with the smallest possible query. */
export async function checkQuery(
  config: DoctorConfig,
  places: readonly TimestreamTable[],
  abortSignal: AbortSignal,
): Promise<readonly Finding[]> {
  const url = config.AWS_ENDPOINT_URL_TIMESTREAM_QUERY;
  const client = new TimestreamQueryClient({
    region: config.AWS_REGION,
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({ connectionTimeout: 3_000 }),
    ...(url !== undefined && { endpoint: url }),
    ...(url?.startsWith('http:') && {
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }),
  });
  using _closing = { [Symbol.dispose]: () => client.destroy() };
  const findings: Finding[] = [];
  for (const place of places) {
    const { database, table } = place;
    const what = `queries of ${table}`;
    try {
      const QueryString = `SELECT measure_name FROM "${database}"."${table}" WHERE time > ago(1m) LIMIT 1`;
      await client.send(new QueryCommand({ QueryString }), { abortSignal });
      findings.push({ what, verdict: 'ok', found: 'the store answers queries' });
    } catch (error) {
      const endpoint = { variable, url };
      const resource = tableArn(place);
      findings.push(
        isMissing(error)
          ? {
              what,
              verdict: 'warn',
              found: (error as Error).message,
              fix: 'start the services that write to this table, and run doctor again',
            }
          : explainFailure(error, { what, action: 'timestream:Select', resource, endpoint }),
      );
    }
  }
  return findings;
}

/** The server was reached and accepts queries, so its message is about the table. */
function isMissing(error: unknown): boolean {
  const { name } = error as Error;
  return name === 'ValidationException' || name === 'ResourceNotFoundException';
}
