/** The answers of Kinesis about the raw stream in a state. */
export const streamIs = (status: string, openShards = 2) => ({
  DescribeStreamSummary: {
    StreamDescriptionSummary: {
      StreamName: 'highwater-raw',
      StreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/highwater-raw',
      StreamStatus: status,
      RetentionPeriodHours: 24,
      OpenShardCount: openShards,
      StreamCreationTimestamp: 1_700_000_000,
      EnhancedMonitoring: [],
    },
  },
  PutRecords: { exception: 'InvalidArgumentException' },
});
