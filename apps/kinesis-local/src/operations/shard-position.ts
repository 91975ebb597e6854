import { ServiceException } from '@highwater/kinesis-engine';
import type { ShardPosition } from '@highwater/model';

/** The five types of position, as the API names them. */
export const positionTypes = [
  'AT_SEQUENCE_NUMBER',
  'AFTER_SEQUENCE_NUMBER',
  'TRIM_HORIZON',
  'LATEST',
  'AT_TIMESTAMP',
] as const;

/** A position from its type and the associated members. */
export function shardPosition(request: {
  readonly type: (typeof positionTypes)[number];
  readonly sequenceNumber: string | undefined;
  readonly timestampMs: number | undefined;
}): ShardPosition {
  const { type, sequenceNumber, timestampMs } = request;
  const hasNumber = sequenceNumber !== undefined;
  switch (type) {
    case 'TRIM_HORIZON':
    case 'LATEST':
      if (hasNumber) throw mixed(type, 'also a StartingSequenceNumber');
      return { type };
    case 'AT_TIMESTAMP':
      if (hasNumber) throw mixed(type, 'also a StartingSequenceNumber');
      if (timestampMs === undefined) {
        throw new ServiceException(
          'InvalidArgumentException',
          'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.',
        );
      }
      return { type, timestampMs };
    case 'AT_SEQUENCE_NUMBER':
    case 'AFTER_SEQUENCE_NUMBER':
      if (!hasNumber) throw mixed(type, 'no StartingSequenceNumber');
      return { type, sequenceNumber };
  }
}

function mixed(type: string, given: string): ServiceException {
  return new ServiceException(
    'InvalidArgumentException',
    `Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified ${type} and ${given}.`,
  );
}
