import type { MemoryStream } from './memory-stream.ts';
import { ServiceException } from './service-exception.ts';
import type { ConsumerState } from './stream-state.ts';

export type ConsumerStatus = 'CREATING' | 'ACTIVE' | 'DELETING';

/** Maximum number of registered consumers of one stream. */
const consumersMax = 20;
const creatingMax = 5;

/** The state of a consumer at a time. */
export function consumerStatus(consumer: ConsumerState, nowMs: number): ConsumerStatus {
  if (consumer.deletedMs !== undefined) return 'DELETING';
  return consumer.activeMs <= nowMs ? 'ACTIVE' : 'CREATING';
}

/**
 * Registers a reader with its own throughput. A later reader with the same name has another ARN.
 */
export function registerConsumer(
  stream: MemoryStream,
  consumer: { readonly consumerName: string; readonly tags: ReadonlyMap<string, string> },
  at: { readonly nowMs: number; readonly transitionMs: number },
): ConsumerState {
  const { consumerName, tags } = consumer;
  const { nowMs } = at;
  if (stream.consumers.has(consumerName)) {
    throw new ServiceException(
      'ResourceInUseException',
      `Consumer ${consumerName} of stream ${stream.streamName} already exists.`,
    );
  }
  const creating = [...stream.consumers.values()].filter(({ activeMs }) => activeMs > nowMs);
  if (stream.consumers.size >= consumersMax || creating.length >= creatingMax) {
    throw new ServiceException(
      'LimitExceededException',
      `Stream ${stream.streamName} has ${stream.consumers.size} consumers, ${creating.length} of them CREATING; at most ${consumersMax} and ${creatingMax}.`,
    );
  }
  const registered: ConsumerState = {
    consumerName,
    consumerArn: `${stream.arn}/consumer/${consumerName}:${Math.floor(nowMs / 1000)}`,
    createdMs: nowMs,
    activeMs: nowMs + at.transitionMs,
    tags,
  };
  stream.consumers.set(consumerName, registered);
  return registered;
}

/** Starts deregistering, and notifies the subscriptions. */
export function deregisterConsumer(
  stream: MemoryStream,
  consumer: ConsumerState,
  at: { readonly nowMs: number; readonly transitionMs: number },
): void {
  const deletedMs = at.nowMs + at.transitionMs;
  stream.consumers.set(consumer.consumerName, { ...consumer, deletedMs });
  settleConsumers(stream, at.nowMs);
  for (const shard of stream.shards) shard.notify();
}

/** Removes the consumers whose deletion is complete. */
export function settleConsumers(stream: MemoryStream, nowMs: number): void {
  for (const [name, { deletedMs }] of stream.consumers) {
    if (deletedMs !== undefined && deletedMs <= nowMs) stream.consumers.delete(name);
  }
}
