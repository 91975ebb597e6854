import { CreateTableCommand, DeleteTableCommand } from '@aws-sdk/client-timestream-write';
import { QueryCommand } from '@aws-sdk/client-timestream-query';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startTimestreamLocal } from '../../src/index.ts';
import { makeClients } from '../clients.ts';
import { afterEmptyPages, noonMs, plain, point, requestOf, startFixture } from '../fixture.ts';

const of = (dimensions: Readonly<Record<string, string>>) =>
  point('1', {
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  });

describe('the columns of a table', () => {
  // Goal: a dimension keeps its own values. Method: a table learns dimensions before and after
  // another one is deleted, the server is restarted, and a new series has all of them.
  it('keep their order and their values when another table is deleted and after a restart', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'timestream-local-'));
    const options = { data: join(directory, 'points.duckdb'), retentionClock: () => noonMs };
    {
      await using server = await startFixture(options);
      const { write } = server.clients;
      const other = { DatabaseName: 'dbx', TableName: 'other' };
      await write.send(new CreateTableCommand(other));
      await write.send(requestOf([of({ a: '1', b: '2', c: '3' })], other.TableName));
      await server.write([of({ x: 'x1' })]);
      await write.send(new DeleteTableCommand(other));
      await server.write([of({ y: 'y2' })]);
      await server.write([of({ z: 'z3' })]);
    }
    {
      await using server = await startTimestreamLocal(options);
      using clients = makeClients(server.endpoint);
      await clients.write.send(requestOf([of({ x: 'x4', y: 'y4', z: 'z4' })]));
      const QueryString = 'SELECT * FROM "dbx"."tab" WHERE x = \'x4\'';
      const first = await clients.query.send(new QueryCommand({ QueryString }));
      const { ColumnInfo, Rows = [] } = await afterEmptyPages(clients.query, QueryString, first);
      expect(ColumnInfo?.map(({ Name }) => Name).slice(0, 3)).toEqual(['x', 'y', 'z']);
      expect(Rows.map(({ Data = [] }) => Data.map(plain).slice(0, 3))).toEqual([
        ['x4', 'y4', 'z4'],
      ]);
    }
    await rm(directory, { recursive: true });
  });
});
