import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateDatabaseCommand, CreateTableCommand } from '@aws-sdk/client-timestream-write';
import { startTimestreamLocal } from '../../../src/index.ts';
import { makeClients } from '../../clients.ts';
import { noonMs, requestOf } from '../../fixture.ts';

/** DuckDB's file, its log, and the count of its commits, undamaged. */
export interface PlainFiles {
  readonly file: Buffer;
  readonly wal: Buffer;
}

const batchesCount = 30;

/**
 * Makes a file with rows of every type in two tables, and a log with the rows since its last
 * checkpoint, like a killed server leaves them.
 */
export async function makeFiles(directory: string): Promise<PlainFiles> {
  const path = join(directory, 'made.duckdb');
  const write = async (from: number, to: number) => {
    await using server = await startTimestreamLocal({ data: path, retentionClock: () => noonMs });
    using clients = makeClients(server.endpoint);
    if (from === 0) {
      await clients.write.send(new CreateDatabaseCommand({ DatabaseName: 'dbx' }));
      for (const TableName of ['tab', 'tab2']) {
        await clients.write.send(new CreateTableCommand({ DatabaseName: 'dbx', TableName }));
      }
    }
    for (let batch = from; batch < to; batch += 1) {
      for (const table of ['tab', 'tab2'])
        await clients.write.send(requestOf(records(batch), table));
    }
    // While the server runs, so that its log exists.
    for (const part of ['', '.wal', '.commits']) await cp(`${path}${part}`, `${path}.kept${part}`);
  };
  await write(0, batchesCount / 2);
  await write(batchesCount / 2, batchesCount);
  return {
    file: await readFile(`${path}.kept`),
    wal: await readFile(`${path}.kept.wal`),
  };
}

function records(batch: number): readonly object[] {
  return Array.from({ length: 100 }, (_, at) => {
    const number = batch * 100 + at;
    const types = ['DOUBLE', 'BIGINT', 'VARCHAR', 'BOOLEAN'] as const;
    const MeasureValueType = types[number % 4] ?? 'DOUBLE';
    const values = {
      DOUBLE: String(number / 7),
      BIGINT: String(number),
      VARCHAR: `text ${number}`,
      BOOLEAN: 'true',
    };
    return {
      Dimensions: [{ Name: 'host', Value: `host ${number % 17}` }],
      MeasureName: `m${MeasureValueType}`,
      MeasureValue: values[MeasureValueType],
      MeasureValueType,
      Time: String(noonMs - number * 1000),
    };
  });
}
