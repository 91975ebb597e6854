import { ServiceException, type MemoryStream } from '@highwater/kinesis-engine';
import type { OperationContext } from './operation.ts';

/**
 * The stream that a request names, by name, by ARN, or by both.
 *
 * @throws {ServiceException} when the request names none, or an unknown one
 */
export function findStream(
  request: { readonly StreamName?: string | undefined; readonly StreamARN?: string | undefined },
  { account }: OperationContext,
): MemoryStream {
  const { StreamName: name, StreamARN: arn } = request;
  if (arn === undefined) {
    if (name !== undefined) return account.stream(name);
    throw new ServiceException(
      'InvalidArgumentException',
      'Either StreamName or StreamARN should be provided.',
    );
  }
  const stream = account.streamByArn(arn);
  if (name !== undefined && name !== stream.streamName) {
    throw new ServiceException(
      'InvalidArgumentException',
      `StreamName ${name} and StreamARN ${arn} name different streams.`,
    );
  }
  return stream;
}
