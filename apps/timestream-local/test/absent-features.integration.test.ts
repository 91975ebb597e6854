import {
  CreateScheduledQueryCommand,
  DescribeAccountSettingsCommand,
  DescribeScheduledQueryCommand,
  ListScheduledQueriesCommand,
  UpdateAccountSettingsCommand,
} from '@aws-sdk/client-timestream-query';
import {
  CreateBatchLoadTaskCommand,
  DescribeBatchLoadTaskCommand,
  ListBatchLoadTasksCommand,
} from '@aws-sdk/client-timestream-write';
import { beforeAll, describe, expect, it } from 'vitest';
import { startFixture, type Fixture } from './fixture.ts';

let server: Fixture;

beforeAll(async () => {
  server = await startFixture();
  return () => server[Symbol.asyncDispose]();
});

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : 'no error'),
  );

// Goal: a program that lists everything in an account continues, and one that needs a missing
// feature gets a clear error. Method: the calls of features that this server lacks, through the
// SDK.
describe('a missing feature', () => {
  it('has an empty list', async () => {
    const { query, write } = server.clients;
    expect(await query.send(new ListScheduledQueriesCommand({ MaxResults: 1 }))).toMatchObject({
      ScheduledQueries: [],
    });
    expect(await write.send(new ListBatchLoadTasksCommand({ TaskStatus: 'FAILED' }))).toMatchObject(
      {
        BatchLoadTasks: [],
      },
    );
  });

  it('still has its requests validated', async () => {
    const { query, write } = server.clients;
    expect(await failure(query.send(new ListScheduledQueriesCommand({ MaxResults: 1001 })))).toBe(
      `ValidationException: 1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000`,
    );
    expect(await failure(write.send(new ListBatchLoadTasksCommand({ MaxResults: 0 })))).toMatch(
      /^ValidationException: .*greater than or equal to 1$/,
    );
    expect(await failure(write.send(new ListBatchLoadTasksCommand({ NextToken: 'x' })))).toBe(
      'ValidationException: The provided NextToken is invalid.',
    );
  });

  it('has nothing to describe', async () => {
    const { query, write } = server.clients;
    const ScheduledQueryArn = 'arn:aws:timestream:us-east-1:000000000000:scheduled-query/none';
    expect(
      await failure(query.send(new DescribeScheduledQueryCommand({ ScheduledQueryArn }))),
    ).toBe('ResourceNotFoundException: The scheduled query does not exist.');
    expect(await failure(write.send(new DescribeBatchLoadTaskCommand({ TaskId: 'NONE' })))).toBe(
      'ResourceNotFoundException: The batch load task does not exist.',
    );
  });

  it('cannot be used', async () => {
    const { query, write } = server.clients;
    const target = { TargetDatabaseName: 'dbx', TargetTableName: 'tab' };
    const load = new CreateBatchLoadTaskCommand({
      ...target,
      DataSourceConfiguration: undefined,
      ReportConfiguration: undefined,
    });
    expect(await failure(write.send(load))).toMatch(/Batch load is not supported here/);
    const create = new CreateScheduledQueryCommand({
      Name: 'q',
      QueryString: 'SELECT 1',
      ScheduleConfiguration: { ScheduleExpression: 'rate(1 hour)' },
      NotificationConfiguration: { SnsConfiguration: { TopicArn: 'arn' } },
      ScheduledQueryExecutionRoleArn: 'arn',
      ErrorReportConfiguration: { S3Configuration: { BucketName: 'bucket' } },
    });
    expect(await failure(query.send(create))).toMatch(/Scheduled queries are not supported here/);
  });
});

describe('the settings of the account', () => {
  it('are those of a new account, and stay that way', async () => {
    const { query } = server.clients;
    const settings = {
      MaxQueryTCU: 200,
      QueryPricingModel: 'COMPUTE_UNITS',
      QueryCompute: { ComputeMode: 'ON_DEMAND' },
    };
    expect(await query.send(new DescribeAccountSettingsCommand({}))).toMatchObject(settings);
    expect(await failure(query.send(new UpdateAccountSettingsCommand({ MaxQueryTCU: 8 })))).toMatch(
      /^ValidationException: Account settings cannot be changed here/,
    );
  });
});
