import {
  ServiceException,
  type MemoryStream,
  type StreamSettings,
} from '@highwater/kinesis-engine';
import {
  recordDistribution,
  streamArn,
  streamModeDetails,
  streamReference,
} from '../request/common-members.ts';
import { integer, list, oneOf, required, structure, text } from '../request/member.ts';
import { findStream } from './find-stream.ts';
import { operation, type OperationContext, type Operations } from './operation.ts';

const retentionHours = required(integer(-(2 ** 31), 2 ** 31 - 1));
const retentionHoursMin = 24;
const retentionHoursMax = 8760;

const increaseRetention = operation(
  structure({ ...streamReference, RetentionPeriodHours: retentionHours }),
  async (request, context) => {
    const stream = findActive(request, context);
    const { RetentionPeriodHours: hours } = request;
    checkHours(hours);
    if (hours < stream.settings.retentionHours) {
      throw invalid(
        `Requested retention period (${hours} hours) for stream ${stream.streamName} can not be shorter than existing retention period (${stream.settings.retentionHours} hours). Use DecreaseRetentionPeriod API.`,
      );
    }
    await change(stream, context, { retentionHours: hours });
  },
);

const decreaseRetention = operation(
  structure({ ...streamReference, RetentionPeriodHours: retentionHours }),
  async (request, context) => {
    const stream = findActive(request, context);
    const { RetentionPeriodHours: hours } = request;
    checkHours(hours);
    if (hours > stream.settings.retentionHours) {
      throw invalid(
        `Requested retention period (${hours} hours) for stream ${stream.streamName} can not be longer than existing retention period (${stream.settings.retentionHours} hours). Use IncreaseRetentionPeriod API.`,
      );
    }
    await change(stream, context, { retentionHours: hours });
  },
);

function checkHours(hours: number): void {
  if (hours < retentionHoursMin) {
    throw invalid(
      `Minimum allowed retention period is ${retentionHoursMin} hours. Requested retention period (${hours} hours) is too short.`,
    );
  }
  if (hours > retentionHoursMax) {
    throw invalid(
      `Maximum allowed retention period is ${retentionHoursMax} hours. Requested retention period (${hours} hours) is too long.`,
    );
  }
}

const updateMode = operation(
  structure({ StreamARN: required(streamArn), StreamModeDetails: required(streamModeDetails) }),
  async (request, context) => {
    const stream = findActive(request, context);
    const { StreamMode: mode } = request.StreamModeDetails;
    // Keys decide again about the shard of a record, because a provisioned stream has no other way.
    const distribution = mode === 'PROVISIONED' ? 'USER_PARTITION_KEY' : undefined;
    await change(stream, context, { mode, ...(distribution && { distribution }) });
  },
);

const updateMaxRecordSize = operation(
  structure({ ...streamReference, MaxRecordSizeInKiB: required(integer(1024, 10_240)) }),
  async (request, context) => {
    const recordBytesMax = request.MaxRecordSizeInKiB * 1024;
    await change(findActive(request, context), context, { recordBytesMax });
  },
);

const updateDistribution = operation(
  structure({
    StreamARN: required(streamArn),
    RecordDistributionStrategy: required(recordDistribution),
  }),
  async (request, context) => {
    const stream = findStream(request, context);
    const { RecordDistributionStrategy: distribution } = request;
    if (stream.settings.mode === 'PROVISIONED' && distribution === 'AUTO') {
      throw invalid(`Stream ${stream.streamName} is in PROVISIONED mode; AUTO needs ON_DEMAND.`);
    }
    // "Takes effect immediately": the stream stays ACTIVE.
    stream.settings.distribution = distribution;
    await context.account.save();
  },
);

const updateWarmThroughput = operation(
  structure({ ...streamReference, WarmThroughputMiBps: required(integer(0, 10_240)) }),
  async (request, context) => {
    const stream = findActive(request, context);
    const { WarmThroughputMiBps } = request;
    await change(stream, context, { warmThroughputMiBps: WarmThroughputMiBps });
    return {
      StreamARN: stream.arn,
      StreamName: stream.streamName,
      WarmThroughput: { TargetMiBps: WarmThroughputMiBps, CurrentMiBps: WarmThroughputMiBps },
    };
  },
);

const encryption = structure({
  ...streamReference,
  EncryptionType: required(oneOf('NONE', 'KMS')),
  KeyId: required(text({ lengthMin: 1, lengthMax: 2048 })),
});

const startEncryption = operation(encryption, async (request, context) => {
  const stream = findActive(request, context);
  await change(stream, context, { encryptionKeyId: request.KeyId });
});

const stopEncryption = operation(encryption, async (request, context) => {
  const stream = findActive(request, context);
  await change(stream, context, { encryptionKeyId: undefined });
});

const metricNames = [
  'IncomingBytes',
  'IncomingRecords',
  'OutgoingBytes',
  'OutgoingRecords',
  'WriteProvisionedThroughputExceeded',
  'ReadProvisionedThroughputExceeded',
  'IteratorAgeMilliseconds',
] as const;

const monitoring = structure({
  ...streamReference,
  ShardLevelMetrics: required(list(required(oneOf(...metricNames, 'ALL')), 1, 7)),
});

const enableMonitoring = operation(monitoring, (request, context) =>
  setMetrics(request, context, (name, current) => current.has(name) || isNamed(request, name)),
);

const disableMonitoring = operation(monitoring, (request, context) =>
  setMetrics(request, context, (name, current) => current.has(name) && !isNamed(request, name)),
);

function isNamed(request: { readonly ShardLevelMetrics: readonly string[] }, name: string) {
  return request.ShardLevelMetrics.includes('ALL') || request.ShardLevelMetrics.includes(name);
}

async function setMetrics(
  request: Parameters<typeof findStream>[0],
  context: OperationContext,
  isWanted: (name: string, current: ReadonlySet<string>) => boolean,
): Promise<object> {
  const stream = findActive(request, context);
  const before = stream.settings.shardLevelMetrics;
  const current = new Set(before);
  const wanted = metricNames.filter((name) => isWanted(name, current));
  await change(stream, context, { shardLevelMetrics: wanted });
  return {
    StreamName: stream.streamName,
    StreamARN: stream.arn,
    CurrentShardLevelMetrics: before,
    DesiredShardLevelMetrics: wanted,
  };
}

function findActive(
  request: Parameters<typeof findStream>[0],
  context: OperationContext,
): MemoryStream {
  return context.account.activeStream(findStream(request, context).streamName);
}

/** Changes settings; the stream is UPDATING for a while. */
async function change(
  stream: MemoryStream,
  { account, clock }: OperationContext,
  settings: Partial<StreamSettings>,
): Promise<void> {
  Object.assign(stream.settings, settings);
  stream.update(clock.nowMs());
  await account.save();
}

function invalid(detail: string): ServiceException {
  return new ServiceException('InvalidArgumentException', detail);
}

export const settingOperations: Operations = {
  DecreaseStreamRetentionPeriod: decreaseRetention,
  DisableEnhancedMonitoring: disableMonitoring,
  EnableEnhancedMonitoring: enableMonitoring,
  IncreaseStreamRetentionPeriod: increaseRetention,
  StartStreamEncryption: startEncryption,
  StopStreamEncryption: stopEncryption,
  UpdateMaxRecordSize: updateMaxRecordSize,
  UpdateStreamMode: updateMode,
  UpdateStreamRecordDistributionStrategy: updateDistribution,
  UpdateStreamWarmThroughput: updateWarmThroughput,
};
