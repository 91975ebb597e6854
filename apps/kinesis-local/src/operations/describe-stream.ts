import type { MemoryStream } from '@highwater/kinesis-engine';
import type { WireFormat } from '../wire/wire-formats.ts';

/** The common part of both descriptions of a stream. */
export function describeStream(stream: MemoryStream, wire: WireFormat): object {
  const { settings } = stream;
  const { encryptionKeyId, shardLevelMetrics } = settings;
  return {
    StreamName: stream.streamName,
    StreamARN: stream.arn,
    StreamStatus: stream.status,
    StreamModeDetails: { StreamMode: settings.mode },
    RetentionPeriodHours: settings.retentionHours,
    StreamCreationTimestamp: wire.time(stream.createdMs),
    EnhancedMonitoring: [{ ShardLevelMetrics: shardLevelMetrics }],
    EncryptionType: encryptionKeyId === undefined ? 'NONE' : 'KMS',
    KeyId: encryptionKeyId,
  };
}

/** The additional part of the summary. */
export function describeSummary(stream: MemoryStream, wire: WireFormat): object {
  const { mode, recordBytesMax, distribution, warmThroughputMiBps } = stream.settings;
  return {
    ...describeStream(stream, wire),
    OpenShardCount: stream.openShards.length,
    ConsumerCount: stream.consumers.size,
    ChannelCount: 0,
    MaxRecordSizeInKiB: recordBytesMax / 1024,
    // "This field is only present for streams that use the on-demand capacity mode."
    RecordDistributionStrategy: mode === 'ON_DEMAND' ? distribution : undefined,
    WarmThroughput:
      warmThroughputMiBps === undefined
        ? undefined
        : { TargetMiBps: warmThroughputMiBps, CurrentMiBps: warmThroughputMiBps },
  };
}
