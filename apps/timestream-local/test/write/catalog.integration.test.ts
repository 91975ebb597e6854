import {
  CreateDatabaseCommand,
  CreateTableCommand,
  DeleteDatabaseCommand,
  DeleteTableCommand,
  DescribeDatabaseCommand,
  DescribeTableCommand,
  ListDatabasesCommand,
  ListTablesCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateDatabaseCommand,
  UpdateTableCommand,
  type CreateTableCommandInput,
} from '@aws-sdk/client-timestream-write';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { afterEmptyPages, noonMs, point, startFixture } from '../fixture.ts';

const table = { DatabaseName: 'dbx', TableName: 'tab' };
const databaseArn = 'arn:aws:timestream:us-east-1:000000000000:database/dbx';
const retention = (hours: number, days: number) => ({
  MemoryStoreRetentionPeriodInHours: hours,
  MagneticStoreRetentionPeriodInDays: days,
});

describe('a database', () => {
  it('is described with the number of its tables, and remembers when it was changed', async () => {
    let nowMs = noonMs;
    await using server = await startFixture({ retentionClock: () => nowMs });
    const { write } = server.clients;
    const { Database } = await write.send(new DescribeDatabaseCommand({ DatabaseName: 'dbx' }));
    expect(Database).toEqual({
      Arn: databaseArn,
      DatabaseName: 'dbx',
      TableCount: 1,
      KmsKeyId: expect.stringMatching(/^arn:aws:kms:us-east-1:/) as string,
      CreationTime: new Date(noonMs),
      LastUpdatedTime: new Date(noonMs),
    });
    nowMs += 60_000;
    const update = new UpdateDatabaseCommand({ DatabaseName: 'dbx', KmsKeyId: 'another' });
    expect((await write.send(update)).Database).toMatchObject({
      KmsKeyId: 'another',
      CreationTime: new Date(noonMs),
      LastUpdatedTime: new Date(nowMs),
    });
  });

  it('exists once, and is not deleted while it has tables', async () => {
    await using server = await startFixture();
    const { write } = server.clients;
    await expect(
      write.send(new CreateDatabaseCommand({ DatabaseName: 'dbx' })),
    ).rejects.toMatchObject({ name: 'ConflictException', $metadata: { httpStatusCode: 409 } });
    const remove = new DeleteDatabaseCommand({ DatabaseName: 'dbx' });
    await expect(write.send(remove)).rejects.toMatchObject({ name: 'ValidationException' });
    await write.send(new DeleteTableCommand(table));
    await write.send(remove);
    await expect(write.send(remove)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The database dbx does not exist.',
    });
  });

  it.each([
    ['ab', 'Member must have length greater than or equal to 3'],
    ['x'.repeat(257), 'Member must have length less than or equal to 256'],
    ['a b c', 'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+'],
  ])('cannot be called %s', async (DatabaseName, constraint) => {
    await using server = await startFixture();
    const create = server.clients.write.send(new CreateDatabaseCommand({ DatabaseName }));
    await expect(create).rejects.toThrow(
      `at 'databaseName' failed to satisfy constraint: ${constraint}`,
    );
  });

  it('cannot be created beyond 500', async () => {
    await using server = await startFixture();
    const { write } = server.clients;
    const create = (at: number) =>
      write.send(new CreateDatabaseCommand({ DatabaseName: `db${at}x` }));
    for (let from = 0; from < 499; from += 50) {
      const some = Array.from({ length: Math.min(50, 499 - from) }, (_, at) => create(from + at));
      await Promise.all(some);
    }
    await expect(create(499)).rejects.toMatchObject({
      name: 'ServiceQuotaExceededException',
      $metadata: { httpStatusCode: 402 },
    });
  });
});

describe('a list', () => {
  it('is returned in pages that neither repeat nor miss existing items', async () => {
    await using server = await startFixture();
    const { write } = server.clients;
    for (const TableName of ['aaa', 'bbb', 'ccc', 'zzz']) {
      await write.send(new CreateTableCommand({ DatabaseName: 'dbx', TableName }));
    }
    const page = (NextToken?: string) =>
      write.send(new ListTablesCommand({ DatabaseName: 'dbx', MaxResults: 2, NextToken }));
    const first = await page();
    expect(first.Tables?.map(({ TableName }) => TableName)).toEqual(['aaa', 'bbb']);
    await write.send(new DeleteTableCommand({ DatabaseName: 'dbx', TableName: 'aaa' }));
    const second = await page(first.NextToken);
    expect(second.Tables?.map(({ TableName }) => TableName)).toEqual(['ccc', 'tab']);
    const third = await page(second.NextToken);
    expect(third.Tables?.map(({ TableName }) => TableName)).toEqual(['zzz']);
    expect(third.NextToken).toBeUndefined();
  });

  it('has 20 items per page by default, and covers all databases without a name', async () => {
    await using server = await startFixture();
    const { write } = server.clients;
    for (let at = 0; at < 21; at += 1) {
      const DatabaseName = `more${String(at).padStart(2, '0')}`;
      await write.send(new CreateDatabaseCommand({ DatabaseName }));
    }
    const first = await write.send(new ListDatabasesCommand());
    expect(first.Databases).toHaveLength(20);
    const { NextToken } = first;
    expect((await write.send(new ListDatabasesCommand({ NextToken }))).Databases).toHaveLength(2);
    expect((await write.send(new ListTablesCommand())).Tables).toMatchObject([table]);
  });

  it('rejects an unknown token, and pages of more than 20', async () => {
    await using server = await startFixture();
    const { write } = server.clients;
    await expect(write.send(new ListDatabasesCommand({ NextToken: 'mine' }))).rejects.toMatchObject(
      {
        name: 'ValidationException',
      },
    );
    await expect(write.send(new ListDatabasesCommand({ MaxResults: 21 }))).rejects.toThrow(
      "Value '21' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 20",
    );
  });
});

describe('a table', () => {
  it('has the defaults of the service', async () => {
    await using server = await startFixture();
    const { Table } = await server.clients.write.send(new DescribeTableCommand(table));
    expect(Table).toEqual({
      Arn: `${databaseArn}/table/tab`,
      ...table,
      TableStatus: 'ACTIVE',
      RetentionProperties: retention(6, 73_000),
      CreationTime: new Date(noonMs),
      LastUpdatedTime: new Date(noonMs),
      MagneticStoreWriteProperties: { EnableMagneticStoreWrites: false },
      Schema: { CompositePartitionKey: [{ Type: 'MEASURE' }] },
    });
  });

  it('changes the settings in an update, and keeps the rest', async () => {
    await using server = await startFixture();
    const { write } = server.clients;
    const magnetic = {
      EnableMagneticStoreWrites: true,
      MagneticStoreRejectedDataLocation: {
        S3Configuration: { BucketName: 'rejects', EncryptionOption: 'SSE_S3' as const },
      },
    };
    await write.send(new UpdateTableCommand({ ...table, MagneticStoreWriteProperties: magnetic }));
    const update = new UpdateTableCommand({ ...table, RetentionProperties: retention(24, 7) });
    expect((await write.send(update)).Table).toMatchObject({
      RetentionProperties: retention(24, 7),
      MagneticStoreWriteProperties: magnetic,
    });
  });

  it.each([
    [retention(0, 1), 'memoryStoreRetentionPeriodInHours', 'greater than or equal to 1'],
    [retention(8767, 1), 'memoryStoreRetentionPeriodInHours', 'less than or equal to 8766'],
    [retention(1, 73_001), 'magneticStoreRetentionPeriodInDays', 'less than or equal to 73000'],
  ])('cannot have the retention %j', async (RetentionProperties, member, constraint) => {
    await using server = await startFixture();
    const update = server.clients.write.send(
      new UpdateTableCommand({ ...table, RetentionProperties }),
    );
    await expect(update).rejects.toThrow(
      `at 'retentionProperties.${member}' failed to satisfy constraint: Member must have value ${constraint}`,
    );
  });

  it('that is deleted and created again is empty, and may have other types', async () => {
    await using server = await startFixture();
    const { write } = server.clients;
    await server.write([point('1')]);
    await write.send(new DeleteTableCommand(table));
    await expect(write.send(new DescribeTableCommand(table))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      $metadata: { httpStatusCode: 404 },
    });
    await write.send(new CreateTableCommand(table));
    await expect(write.send(new CreateTableCommand(table))).rejects.toMatchObject({
      name: 'ConflictException',
    });
    expect(await server.query('SELECT count(*) FROM "dbx"."tab"')).toEqual([['0']]);
    expect(await server.write([point('2', { MeasureValueType: 'BIGINT' })])).toMatchObject({
      status: 200,
    });
  });

  it('differs from another by the case of its name', async () => {
    await using server = await startFixture();
    await server.clients.write.send(new CreateTableCommand({ ...table, TableName: 'Tab' }));
    await server.write([point('1')]);
    expect(await server.query('SELECT count(*) FROM "dbx"."Tab"')).toEqual([['0']]);
  });
});

describe('a partition key', () => {
  const key = (EnforcementInRecord: 'REQUIRED' | 'OPTIONAL', Name = 'zone') => ({
    Schema: {
      CompositePartitionKey: [{ Type: 'DIMENSION' as const, Name, EnforcementInRecord }],
    },
  });

  it('that is required rejects records without it, until it is optional', async () => {
    await using server = await startFixture({}, key('REQUIRED'));
    const { write } = server.clients;
    expect(await server.write([point('1')])).toMatchObject({
      status: 400,
      message:
        'The dimension zone is the partition key of the table and is required in every record.',
    });
    const zone = { Dimensions: [{ Name: 'zone', Value: 'z' }] };
    expect(await server.write([point('1')], zone)).toMatchObject({ status: 200 });
    await write.send(new UpdateTableCommand({ ...table, ...key('OPTIONAL') }));
    expect(await server.write([point('1')])).toMatchObject({ status: 200 });
    const described = await write.send(new DescribeTableCommand(table));
    expect(described.Table?.Schema).toEqual(key('OPTIONAL').Schema);
  });

  it('keeps its type and its name', async () => {
    await using server = await startFixture({}, key('REQUIRED'));
    const { write } = server.clients;
    for (const change of [
      key('REQUIRED', 'host'),
      { Schema: { CompositePartitionKey: [{ Type: 'MEASURE' as const }] } },
    ]) {
      await expect(write.send(new UpdateTableCommand({ ...table, ...change }))).rejects.toThrow(
        'The type and the name of a partition key cannot be changed.',
      );
    }
  });

  type Keys = NonNullable<CreateTableCommandInput['Schema']>['CompositePartitionKey'];
  it.each<[string, Keys]>([
    ['none', []],
    ['two', [{ Type: 'MEASURE' }, { Type: 'MEASURE' }]],
    ['a dimension without a name', [{ Type: 'DIMENSION', EnforcementInRecord: 'OPTIONAL' }]],
    ['a measure with a name', [{ Type: 'MEASURE', Name: 'x' }]],
  ])('must be exactly one valid key, not %s', async (_, CompositePartitionKey) => {
    await using server = await startFixture();
    const create = new CreateTableCommand({
      DatabaseName: 'dbx',
      TableName: 'other',
      Schema: { CompositePartitionKey },
    });
    await expect(server.clients.write.send(create)).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});

describe('tags', () => {
  const tags = async (
    { clients: { write } }: Awaited<ReturnType<typeof startFixture>>,
    arn: string,
  ) => (await write.send(new ListTagsForResourceCommand({ ResourceARN: arn }))).Tags;

  it('are added, replaced, and removed by their keys, also by the query client', async () => {
    await using server = await startFixture({}, { Tags: [{ Key: 'team', Value: 'red' }] });
    const { write, query } = server.clients;
    const ResourceARN = `${databaseArn}/table/tab`;
    const Tags = [
      { Key: 'team', Value: 'blue' },
      { Key: 'empty', Value: '' },
    ];
    await write.send(new TagResourceCommand({ ResourceARN, Tags }));
    expect(await tags(server, ResourceARN)).toEqual(Tags);
    const { ListTagsForResourceCommand: ListOfQuery } =
      await import('@aws-sdk/client-timestream-query');
    expect((await query.send(new ListOfQuery({ ResourceARN }))).Tags).toEqual(Tags);
    await write.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['team', 'none'] }));
    expect(await tags(server, ResourceARN)).toEqual([{ Key: 'empty', Value: '' }]);
    expect(await tags(server, databaseArn)).toEqual([]);
    const elsewhere = ResourceARN.replace('us-east-1', 'eu-west-1').replace(
      /:0{12}:/,
      ':123456789012:',
    );
    expect(await tags(server, elsewhere)).toEqual([{ Key: 'empty', Value: '' }]);
  });

  it('are limited to 200, and are deleted with their resource', async () => {
    await using server = await startFixture();
    const { write } = server.clients;
    const ResourceARN = `${databaseArn}/table/tab`;
    const Tags = Array.from({ length: 200 }, (_, at) => ({ Key: `key${at}`, Value: 'x' }));
    await write.send(new TagResourceCommand({ ResourceARN, Tags }));
    const oneMore = new TagResourceCommand({ ResourceARN, Tags: [{ Key: 'more', Value: 'x' }] });
    await expect(write.send(oneMore)).rejects.toMatchObject({
      name: 'ServiceQuotaExceededException',
    });
    await write.send(new DeleteTableCommand(table));
    await expect(tags(server, ResourceARN)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await write.send(new CreateTableCommand(table));
    expect(await tags(server, ResourceARN)).toEqual([]);
  });

  it.each(['nonsense', 'arn:aws:s3:::bucket'])('are rejected for %s', async (arn) => {
    await using server = await startFixture();
    await expect(tags(server, arn)).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('a restart', () => {
  it('finds databases, tables, settings, tags, columns, and versions unchanged', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'timestream-local-'));
    const options = { data: join(directory, 'points.duckdb'), retentionClock: () => noonMs };
    const settings = { RetentionProperties: retention(24, 7), Tags: [{ Key: 'k', Value: 'v' }] };
    const ResourceARN = `${databaseArn}/table/tab`;
    const look = async ({ write, query }: Awaited<ReturnType<typeof startFixture>>['clients']) => {
      const { QueryCommand } = await import('@aws-sdk/client-timestream-query');
      const QueryString = 'SELECT * FROM "dbx"."tab"';
      const first = await query.send(new QueryCommand({ QueryString }));
      return {
        database: (await write.send(new DescribeDatabaseCommand({ DatabaseName: 'dbx' }))).Database,
        table: (await write.send(new DescribeTableCommand(table))).Table,
        tags: (await write.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags,
        rows: (await afterEmptyPages(query, QueryString, first)).Rows,
        columns: (await query.send(new QueryCommand({ QueryString: 'DESCRIBE "dbx"."tab"' }))).Rows,
      };
    };
    let before;
    {
      await using first = await startFixture(options, settings);
      await first.write([
        point('1', { Version: 3 }),
        point('x', { MeasureName: 'word', MeasureValueType: 'VARCHAR' }),
      ]);
      before = await look(first.clients);
    }
    const { startTimestreamLocal } = await import('../../src/index.ts');
    const { makeClients } = await import('../clients.ts');
    {
      await using again = await startTimestreamLocal(options);
      using clients = makeClients(again.endpoint);
      expect(await look(clients)).toEqual(before);
    }
    await rm(directory, { recursive: true });
  });
});
