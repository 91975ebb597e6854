import type { Api } from './api-operations.ts';

/** The release of moto that was examined. */
export const motoVersion = '5.2.5';

/**
 * The operations that moto answers: those for which its `KinesisResponse` or `TimestreamWriteResponse`
 * (both Timestream APIs) has a method.
 */
export const motoOperations: Readonly<Record<Api, readonly string[]>> = {
  kinesis: [
    'AddTagsToStream',
    'CreateStream',
    'DecreaseStreamRetentionPeriod',
    'DeleteResourcePolicy',
    'DeleteStream',
    'DeregisterStreamConsumer',
    'DescribeLimits',
    'DescribeStream',
    'DescribeStreamConsumer',
    'DescribeStreamSummary',
    'DisableEnhancedMonitoring',
    'EnableEnhancedMonitoring',
    'GetRecords',
    'GetResourcePolicy',
    'GetShardIterator',
    'IncreaseStreamRetentionPeriod',
    'ListShards',
    'ListStreamConsumers',
    'ListStreams',
    'ListTagsForStream',
    'MergeShards',
    'PutRecord',
    'PutRecords',
    'PutResourcePolicy',
    'RegisterStreamConsumer',
    'RemoveTagsFromStream',
    'SplitShard',
    'StartStreamEncryption',
    'StopStreamEncryption',
    'UpdateShardCount',
    'UpdateStreamMode',
  ],
  'timestream-write': [
    'CreateDatabase',
    'CreateTable',
    'DeleteDatabase',
    'DeleteTable',
    'DescribeDatabase',
    'DescribeEndpoints',
    'DescribeTable',
    'ListDatabases',
    'ListTables',
    'ListTagsForResource',
    'TagResource',
    'UntagResource',
    'UpdateDatabase',
    'UpdateTable',
    'WriteRecords',
  ],
  'timestream-query': [
    'CreateScheduledQuery',
    'DeleteScheduledQuery',
    'DescribeEndpoints',
    'DescribeScheduledQuery',
    'ListTagsForResource',
    'Query',
    'TagResource',
    'UntagResource',
    'UpdateScheduledQuery',
  ],
};
