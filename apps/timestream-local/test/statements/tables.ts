import { types, type SqlType } from '../../src/types/sql-type.ts';
import type { JsonClient } from './json-client.ts';

export const database = 'fuzz';

/** Tables by name, with their number of rows. */
export const tables = { none: 0, one: 1, chunk: 2048, many: 20_000 } as const;

export type TableName = keyof typeof tables;

/** Columns that all tables have. */
export const columns: readonly (readonly [name: string, type: SqlType])[] = [
  ['time', types.timestamp],
  ['measure_name', types.varchar],
  ['host', types.varchar],
  ['zone', types.varchar],
  ['d', types.double],
  ['b', types.bigint],
  ['s', types.varchar],
  ['f', types.boolean],
  ['t', types.timestamp],
];

/** The columns of a table without rows. */
export const columnsOfNone = columns.slice(0, 2);

/** The fixed time of the server's clock. */
export const nowMs = Date.UTC(2024, 2, 10, 12);

/** Statements read it, while calls write to it. */
export const writtenTable = 'written';

const perCall = 100;
const hostsCount = 16;
const stepMs = 250;

/** Creates the tables and writes their rows. */
export async function createTables(client: JsonClient): Promise<void> {
  await done(client, 'CreateDatabase', { DatabaseName: database });
  for (const table of [...Object.keys(tables), writtenTable]) {
    await done(client, 'CreateTable', { DatabaseName: database, TableName: table });
  }
  for (const [table, count] of Object.entries(tables)) {
    for (let from = 0; from < count; from += perCall) {
      const size = Math.min(perCall, count - from);
      await done(client, 'WriteRecords', {
        DatabaseName: database,
        TableName: table,
        Records: Array.from({ length: size }, (_, at) => recordOf(from + at)),
      });
    }
  }
}

/** A record with its own values, always the same. */
export function recordOf(index: number): object {
  const digits = String((index * 7919) % 10_007);
  const values = [
    { Name: 'd', Value: index % 97 === 0 ? '0.0' : `${Number(digits) / 100 - 50}`, Type: 'DOUBLE' },
    { Name: 'b', Value: index % 89 === 0 ? '9007199254740993' : digits, Type: 'BIGINT' },
    { Name: 's', Value: `${texts[index % texts.length]}${digits}`, Type: 'VARCHAR' },
    { Name: 'f', Value: String(index % 3 === 0), Type: 'BOOLEAN' },
    { Name: 't', Value: String(nowMs - index * 1000), Type: 'TIMESTAMP' },
  ];
  return {
    Dimensions: [
      { Name: 'host', Value: `host-${index % hostsCount}` },
      { Name: 'zone', Value: `z${index % 3}` },
    ],
    MeasureName: 'm',
    MeasureValueType: 'MULTI',
    // Some columns are NULL in some rows.
    MeasureValues: values.filter((_, at) => (index + at) % 11 !== 10 || at === 0),
    Time: String(nowMs - Math.floor(index / hostsCount) * stepMs),
  };
}

const texts = ['a,b,c-', 'Hello World ', 'ÄÖÜß-', '{"a": [1, 2]} ', '2024-03-10 12:00:0', ''];

async function done(client: JsonClient, operation: string, input: object): Promise<void> {
  const { status, body } = await client.call(operation, input);
  if (status !== 200) throw new Error(`calling ${operation}: ${status} ${body}`);
}
