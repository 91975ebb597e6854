import {
  CancelQueryCommand,
  QueryCommand,
  TimestreamQueryClient,
  type QueryResponse,
} from '@aws-sdk/client-timestream-query';
import { rightsAdvice, type QueryResult, type ReadLimits } from '@highwater/model';
import {
  QueryRefusedError,
  StoreUnavailableError,
  type ReaderOptions,
  type TextPlace,
} from '@highwater/store-kit';
import { dataText, typeText } from './datum-text.ts';

/** Maximum page size of the service. */
const pageRowsMax = 1_000;

const refusals = new Set([
  'ValidationException',
  'QueryExecutionException',
  'ConflictException',
  'AccessDeniedException',
]);

/** Runs statements of Timestream's SQL. */
export interface QueryApi {
  /**
   * Runs one statement.
   *
   * @throws {QueryRefusedError} when the statement is wrong
   * @throws {StoreUnavailableError} when the store does not answer in time
   */
  query(statement: string, limits: ReadLimits): Promise<QueryResult>;
}

/** Where the Query API is, and how it is called. */
export interface QueryApiOptions extends ReaderOptions {
  readonly region: string;
  /** A server to use instead of AWS. */
  readonly endpoint?: string | undefined;
}

/** The Query API of Timestream, or of a server that is compatible with it, through the AWS SDK. */
export function createSdkQueryApi(options: QueryApiOptions): QueryApi & Disposable {
  const { region, endpoint, requestTimeoutMs, requestsInFlightMax, clock } = options;
  const agent = { keepAlive: true, maxSockets: requestsInFlightMax };
  const client = new TimestreamQueryClient({
    region,
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: Math.min(5_000, requestTimeoutMs),
      httpAgent: agent,
      httpsAgent: agent,
    },
    ...(endpoint && { endpoint }),
    // AWS itself always uses https. Plain http means a local server, which accepts any credentials.
    ...(endpoint?.startsWith('http:') && {
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }),
  });
  return {
    async query(statement, { rowsMax, signal }) {
      const timeout = AbortSignal.timeout(requestTimeoutMs);
      const startMs = clock.monotonicMs();
      try {
        const limits = { rowsMax, signal: AbortSignal.any([signal, timeout]) };
        return await readPages(client, statement, limits, () => clock.monotonicMs() - startMs);
      } catch (error) {
        signal.throwIfAborted();
        if (timeout.aborted) {
          const message = `querying the store: no answer within ${requestTimeoutMs / 1000} s`;
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
  { rowsMax, signal }: ReadLimits,
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
