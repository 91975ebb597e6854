import { text } from './member.ts';

/** The forms of names and numbers that many operations share. */
export const streamName = text({ lengthMin: 1, lengthMax: 128, pattern: '[a-zA-Z0-9_.-]+' });
export const streamArn = text({
  lengthMin: 1,
  lengthMax: 2048,
  pattern: 'arn:aws.*:kinesis:.*:\\d{12}:stream/[a-zA-Z0-9_.-]+',
});
export const shardId = text({ lengthMin: 1, lengthMax: 128, pattern: '[a-zA-Z0-9_.-]+' });
export const sequenceNumber = text({ pattern: '0|([1-9]\\d{0,128})' });
export const hashKey = text({ pattern: '0|([1-9]\\d{0,38})' });
export const shardIterator = text({ lengthMin: 1, lengthMax: 512 });
export const nextToken = text({ lengthMin: 1, lengthMax: 1_048_576 });

/** The two ways to name a stream. */
export const streamReference = { StreamName: streamName, StreamARN: streamArn };
