import {
  CancelQueryCommand,
  QueryCommand,
  TimestreamQueryClient,
  type QueryResponse,
} from '@aws-sdk/client-timestream-query';
import {
  rightsAdvice,
  type BatchLimits,
  type QueryResult,
  type ReadLimits,
} from '@highwater/model';
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

  /**
   * Runs one statement, and returns its rows as they arrive. The engine ends a query whose next page
   * nobody asks for within its own time.
   *
   * @throws like `query`
   */
  pages(statement: string, limits: BatchLimits): AsyncIterable<QueryPage>;
}

/** Some rows of a result. */
export type QueryPage = Pick<QueryResult, 'columns' | 'rows'>;

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
  const inTime = async <T>(signal: AbortSignal, call: (either: AbortSignal) => Promise<T>) => {
    const timeout = AbortSignal.timeout(requestTimeoutMs);
    try {
      return await call(AbortSignal.any([signal, timeout]));
    } catch (error) {
      signal.throwIfAborted();
      if (timeout.aborted) {
        const message = `querying the store: no answer within ${requestTimeoutMs / 1000} s`;
        throw new StoreUnavailableError(message, { cause: error });
      }
      throw explain(error);
    }
  };
  return {
    query(statement, { rowsMax, signal }) {
      const startMs = clock.monotonicMs();
      const elapsedMs = () => clock.monotonicMs() - startMs;
      return inTime(signal, (either) =>
        readPages(client, statement, { rowsMax, signal: either }, elapsedMs),
      );
    },
    async *pages(statement, { batchRowsMax, signal }) {
      let token: string | undefined;
      let queryId: string | undefined;
      try {
        do {
          const command = pageCommand(statement, batchRowsMax, token);
          // A page that is not there yet may be empty, and has a token all the same.
          const page: QueryResponse = await inTime(signal, (abortSignal) =>
            client.send(command, { abortSignal }),
          );
          ({ NextToken: token, QueryId: queryId } = page);
          const rows = rowsOf(page);
          if (rows.length > 0) yield { columns: columnsOf(page), rows };
        } while (token !== undefined);
      } finally {
        if (token !== undefined && queryId !== undefined) await cancel(client, queryId);
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
    const command = pageCommand(statement, rowsMax - rows.length, token);
    page = await client.send(command, { abortSignal: signal });
    rows.push(...rowsOf(page));
    bytesScanned = page.QueryStatus?.CumulativeBytesScanned ?? bytesScanned;
    token = page.NextToken;
  } while (token !== undefined && rows.length < rowsMax && !signal.aborted);
  if (token !== undefined && page.QueryId !== undefined) await cancel(client, page.QueryId);
  signal.throwIfAborted();
  const isTruncated = token !== undefined;
  return {
    columns: columnsOf(page),
    rows: rows.slice(0, rowsMax),
    isTruncated,
    elapsedMs: elapsedMs(),
    bytesScanned,
  };
}

function pageCommand(statement: string, rowsMax: number, token: string | undefined) {
  return new QueryCommand({
    QueryString: statement,
    MaxRows: Math.max(1, Math.min(pageRowsMax, rowsMax)),
    ...(token !== undefined && { NextToken: token }),
  });
}

function rowsOf({ Rows: rows = [] }: QueryResponse): (string | null)[][] {
  return rows.map(({ Data: data = [] }) => data.map(dataText));
}

function columnsOf({ ColumnInfo: columns = [] }: QueryResponse): QueryResult['columns'] {
  return columns.map(({ Name, Type }, index) => ({
    name: Name ?? `_col${index}`,
    type: typeText(Type),
  }));
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
