import {
  QueryCommand,
  type Datum,
  type QueryCommandInput,
  type QueryResponse,
} from '@aws-sdk/client-timestream-query';
import {
  CreateDatabaseCommand,
  CreateTableCommand,
  WriteRecordsCommand,
  type _Record,
  type CreateTableCommandInput,
  type RejectedRecord,
} from '@aws-sdk/client-timestream-write';
import { startTimestreamLocal } from '../src/index.ts';
import type { TimestreamLocalOptions } from '../src/start-timestream-local.ts';
import { makeClients, type Clients } from './clients.ts';

/** The result of a WriteRecords call. */
export interface Written {
  readonly status: number;
  readonly name?: string;
  readonly message?: string;
  readonly rejected?: readonly RejectedRecord[];
  readonly ingested?: object;
}

/** A server with an empty table `db`.`t`, and helpers for tests. */
export interface Fixture extends AsyncDisposable {
  readonly endpoint: string;
  readonly clients: Clients;
  write(records: readonly object[], common?: _Record): Promise<Written>;
  /** Cells as texts; null, arrays, and rows as such; a timeseries as pairs. */
  query(text: string, input?: Partial<QueryCommandInput>): Promise<readonly (readonly unknown[])[]>;
  /** The first answer with rows, or the last one; with MaxRows the very first, which may be empty. */
  ask(text: string, input?: Partial<QueryCommandInput>): Promise<QueryResponse>;
}

/** Noon of a day without any events. */
export const noonMs = Date.UTC(2024, 2, 10, 12);

/** The clock is fixed at `noonMs` unless the options specify another one. */
export async function startFixture(
  options: TimestreamLocalOptions = {},
  table: Partial<CreateTableCommandInput> = {},
): Promise<Fixture> {
  const server = await startTimestreamLocal({ retentionClock: () => noonMs, ...options });
  const clients = makeClients(server.endpoint);
  await clients.write.send(new CreateDatabaseCommand({ DatabaseName: 'dbx' }));
  await clients.write.send(
    new CreateTableCommand({ DatabaseName: 'dbx', TableName: 'tab', ...table }),
  );
  const ask = async (QueryString: string, input: Partial<QueryCommandInput> = {}) => {
    const first = await clients.query.send(new QueryCommand({ QueryString, ...input }));
    if (input.MaxRows !== undefined) return first;
    return afterEmptyPages(clients.query, QueryString, first);
  };
  return {
    endpoint: server.endpoint,
    clients,
    ask,
    query: async (text, input) => {
      const rows: unknown[][] = [];
      let NextToken: string | undefined;
      do {
        const page = await ask(text, { ...input, NextToken });
        rows.push(...(page.Rows ?? []).map(({ Data = [] }) => Data.map(plain)));
        ({ NextToken } = page);
      } while (NextToken !== undefined);
      return rows;
    },
    write: (records, common) => writeRecords(clients, records, common),
    [Symbol.asyncDispose]: async () => {
      clients[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** A long query is first answered with empty pages. */
export async function afterEmptyPages(
  query: Clients['query'],
  QueryString: string,
  first: QueryResponse,
): Promise<QueryResponse> {
  let page = first;
  while (page.Rows?.length === 0 && page.NextToken !== undefined) {
    page = await query.send(new QueryCommand({ QueryString, NextToken: page.NextToken }));
  }
  return page;
}

async function writeRecords(
  { write }: Clients,
  records: readonly object[],
  common: _Record = {},
): Promise<Written> {
  try {
    const answer = await write.send(requestOf(records, 'tab', common));
    return { status: 200, ingested: answer.RecordsIngested ?? {} };
  } catch (error) {
    const failure = error as Error & {
      readonly $metadata?: { readonly httpStatusCode?: number };
      readonly RejectedRecords?: readonly RejectedRecord[];
    };
    return {
      status: failure.$metadata?.httpStatusCode ?? 0,
      name: failure.name,
      message: failure.message,
      ...(failure.RejectedRecords ? { rejected: failure.RejectedRecords } : {}),
    };
  }
}

/** A request to write records into a table of `dbx`. */
export function requestOf(
  records: readonly object[],
  TableName = 'tab',
  CommonAttributes: _Record = {},
): WriteRecordsCommand {
  return new WriteRecordsCommand({
    DatabaseName: 'dbx',
    TableName,
    Records: [...(records as readonly _Record[])],
    CommonAttributes,
  });
}

/** A datum as a plain value. */
export function plain(datum: Datum): unknown {
  if (datum.NullValue === true) return null;
  if (datum.ArrayValue) return datum.ArrayValue.map(plain);
  if (datum.RowValue) return (datum.RowValue.Data ?? []).map(plain);
  if (datum.TimeSeriesValue) {
    return datum.TimeSeriesValue.map(({ Time, Value }) => [Time, Value && plain(Value)]);
  }
  return datum.ScalarValue;
}

/** A record of one double, at noon by default. */
export function point(value: string, more: _Record = {}): _Record {
  return {
    Dimensions: [{ Name: 'host', Value: 'a' }],
    MeasureName: 'cpu',
    MeasureValue: value,
    Time: String(noonMs),
    ...more,
  };
}
