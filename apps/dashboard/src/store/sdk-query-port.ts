import {
  CancelQueryCommand,
  QueryCommand,
  TimestreamQueryClient,
  type QueryResponse,
} from '@aws-sdk/client-timestream-query';
import { rightsAdvice, type Clock } from '@highwater/model';
import type { DashboardConfig } from '../config.ts';
import { QueryRefusedError, StoreUnavailableError, type TextPlace } from '../errors.ts';
import { dataText, typeText } from './datum-text.ts';
import type { QueryLimits, QueryPort, QueryResult } from './query-port.ts';

/** Maximum page size of the service. */
const pageRowsMax = 1_000;

const refusals = new Set([
  'ValidationException',
  'QueryExecutionException',
  'ConflictException',
  'AccessDeniedException',
]);

/** The Timestream Query API, or a compatible server, through the AWS SDK. */
export function createSdkQueryPort(config: DashboardConfig, clock: Clock): QueryPort & Disposable {
  const endpoint = config.AWS_ENDPOINT_URL_TIMESTREAM_QUERY;
  const timeoutMs = config.HW_DASHBOARD_QUERY_TIMEOUT_MS;
  const client = new TimestreamQueryClient({
    region: config.AWS_REGION,
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: Math.min(5_000, timeoutMs),
      httpAgent: { keepAlive: true, maxSockets: config.HW_DASHBOARD_QUERIES_IN_FLIGHT_MAX },
      httpsAgent: { keepAlive: true, maxSockets: config.HW_DASHBOARD_QUERIES_IN_FLIGHT_MAX },
    },
    ...(endpoint && { endpoint }),
    // AWS itself always uses https. Plain http means a local server, which accepts any credentials.
    ...(endpoint?.startsWith('http:') && {
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }),
  });
  return {
    async query(statement, { rowsMax, signal }) {
      const timeout = AbortSignal.timeout(timeoutMs);
      const startMs = clock.monotonicMs();
      try {
        const limits = { rowsMax, signal: AbortSignal.any([signal, timeout]) };
        return await readPages(client, statement, limits, () => clock.monotonicMs() - startMs);
      } catch (error) {
        signal.throwIfAborted();
        if (timeout.aborted) {
          const message = `querying the store: no answer within ${timeoutMs / 1000} s`;
          throw new StoreUnavailableError(message, { cause: error });
        }
        throw explain(error);
      }
    },
    [Symbol.dispose]: () => client.destroy(),
  };
}

async function readPages(
  client: TimestreamQueryClient,
  statement: string,
  { rowsMax, signal }: QueryLimits,
  elapsedMs: () => number,
): Promise<QueryResult> {
  const rows: (string | null)[][] = [];
  let page: QueryResponse;
  let token: string | undefined;
  let bytesScanned = 0;
  do {
    const command = new QueryCommand({
      QueryString: statement,
      MaxRows: Math.max(1, Math.min(pageRowsMax, rowsMax - rows.length)),
      ...(token !== undefined && { NextToken: token }),
    });
    page = await client.send(command, { abortSignal: signal });
    for (const { Data: data = [] } of page.Rows ?? []) rows.push(data.map(dataText));
    bytesScanned = page.QueryStatus?.CumulativeBytesScanned ?? bytesScanned;
    token = page.NextToken;
  } while (token !== undefined && rows.length < rowsMax && !signal.aborted);
  if (token !== undefined && page.QueryId !== undefined) await cancel(client, page.QueryId);
  signal.throwIfAborted();
  const columns = (page.ColumnInfo ?? []).map(({ Name, Type }, index) => ({
    name: Name ?? `_col${index}`,
    type: typeText(Type),
  }));
  const isTruncated = token !== undefined;
  return {
    columns,
    rows: rows.slice(0, rowsMax),
    isTruncated,
    elapsedMs: elapsedMs(),
    bytesScanned,
  };
}

/** Otherwise, a query that is not read to its end would continue to scan, and cost money. */
async function cancel(client: TimestreamQueryClient, queryId: string): Promise<void> {
  try {
    await client.send(new CancelQueryCommand({ QueryId: queryId }), {
      abortSignal: AbortSignal.timeout(2_000),
    });
  } catch {
    // It has already ended, or the store is unreachable, so there is nothing to cancel.
  }
}

function explain(error: unknown): Error {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (refusals.has(name)) {
    const text = `${message}${rightsAdvice(name)}`;
    return new QueryRefusedError(text, placeIn(message), { cause: error });
  }
  return new StoreUnavailableError(`querying the store: ${message || name}`, { cause: error });
}

/** The service says `line 1:8: …` if it knows the position. */
function placeIn(message: string): TextPlace | undefined {
  const found = /\bline (\d+):(\d+)/.exec(message);
  return found ? { line: Number(found[1]), column: Number(found[2]) } : undefined;
}
