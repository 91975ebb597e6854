import type { ConsumerState, MemoryStream, StreamSettings } from '@highwater/kinesis-engine';
import type { OperationContext } from './operation.ts';

/** The common part of a stream and a consumer. */
type Attached = Pick<StreamSettings & ConsumerState, 'tags' | 'policy'>;

/** A stream or a consumer, as the holder of tags and a policy. */
export interface Resource extends Attached {
  readonly stream: MemoryStream;
  readonly change: (changed: Partial<Attached>) => void;
}

/**
 * The stream or the consumer with this ARN.
 *
 * @throws {ServiceException} ResourceNotFoundException when there is none
 */
export function findResource(arn: string, { account }: OperationContext): Resource {
  if (!arn.includes('/consumer/')) return streamResource(account.streamByArn(arn));
  const { stream, consumer } = account.consumerByArn(arn);
  const { tags, policy } = consumer;
  return {
    stream,
    tags,
    policy,
    change: (changed) => {
      stream.consumers.set(consumer.consumerName, { ...consumer, ...changed });
    },
  };
}

/** A stream that is already known. */
export function streamResource(stream: MemoryStream): Resource {
  const { tags, policy } = stream.settings;
  return { stream, tags, policy, change: (changed) => Object.assign(stream.settings, changed) };
}
