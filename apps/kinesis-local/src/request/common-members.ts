import { oneOf, required, structure, text, texts, type Member } from './member.ts';

const resourceName = { lengthMin: 1, lengthMax: 128, pattern: '[a-zA-Z0-9_.-]+' };
const streamArnPattern = 'arn:aws.*:kinesis:.*:\\d{12}:stream/[a-zA-Z0-9_.-]+';
const consumerArnPattern = `${streamArnPattern}/consumer/[a-zA-Z0-9_.-]+:[0-9]+`;

/** The forms of names and numbers that many operations share. */
export const streamName = text(resourceName);
export const streamArn = text({ lengthMin: 1, lengthMax: 2048, pattern: streamArnPattern });
export const consumerName = text(resourceName);
export const consumerArn = text({ lengthMin: 1, lengthMax: 2048, pattern: consumerArnPattern });
export const resourceArn = text({
  lengthMin: 1,
  lengthMax: 2048,
  pattern: `${streamArnPattern}|${consumerArnPattern}`,
});
const anyShardId = text(resourceName);
/**
 * Short forms are accepted, as in kinesalite: `0` and `shardId-0` are read as
 * `shardId-000000000000`.
 */
export const shardId: Member<string | undefined> = (...reading) => {
  const given = anyShardId(...reading);
  const [, digits] = given?.match(/^(?:shardId-)?(\d{1,12})$/) ?? [];
  return digits === undefined ? given : `shardId-${digits.padStart(12, '0')}`;
};
export const sequenceNumber = text({ pattern: '0|([1-9]\\d{0,128})' });
export const hashKey = text({ pattern: '0|([1-9]\\d{0,38})' });
export const nextToken = text({ lengthMin: 1, lengthMax: 1_048_576 });
export const tags = texts({ entriesMax: 200, keyLengthMax: 128, valueLengthMax: 256 });
export const streamModeDetails = structure({
  StreamMode: required(oneOf('PROVISIONED', 'ON_DEMAND')),
});
export const recordDistribution = oneOf('USER_PARTITION_KEY', 'AUTO');

/** The two ways to name a stream. */
export const streamReference = { StreamName: streamName, StreamARN: streamArn };
