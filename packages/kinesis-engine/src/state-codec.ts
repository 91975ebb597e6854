import type { ShardState } from './memory-shard.ts';
import type { StreamState } from './stream-state.ts';

const version = 1;

/** An account's state as JSON text. Hash keys and maps need a special encoding in JSON. */
export function encodeState(streams: readonly StreamState[]): string {
  return JSON.stringify({ version, streams }, (_key, value: unknown) => {
    if (typeof value === 'bigint') return { $hashKey: value.toString() };
    return value instanceof Map ? { $map: [...(value as Map<string, string>)] } : value;
  });
}

/** @throws {Error} saying that the text has another version, or is not a state of this engine */
export function decodeState(text: string): readonly StreamState[] {
  const state = JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value;
    if ('$hashKey' in value) return BigInt(value.$hashKey as string);
    return '$map' in value ? new Map(value.$map as [string, string][]) : value;
  }) as { readonly version?: unknown; readonly streams?: unknown } | null;
  if (state?.version !== version) {
    throw new Error(
      `it has version ${String(state?.version)}, but this server reads version ${version}`,
    );
  }
  const { streams } = state;
  if (!Array.isArray(streams)) throw new Error('it has no list of streams');
  for (const [i, stream] of streams.entries()) {
    if (!isStream(stream)) throw new Error(`stream ${i} of ${streams.length} is incomplete`);
  }
  return streams as readonly StreamState[];
}

/** Whether it has all members that a stream is made from. */
function isStream(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { streamName, arn, createdMs, status, settings, shardsMade, shards, ...rest } =
    value as Partial<StreamState>;
  return (
    typeof streamName === 'string' &&
    typeof arn === 'string' &&
    typeof status === 'string' &&
    Number.isSafeInteger(createdMs) &&
    Number.isSafeInteger(shardsMade) &&
    settings?.tags instanceof Map &&
    Number.isFinite(settings.retentionHours) &&
    [rest.transitions, rest.consumers, rest.scaledMs].every(Array.isArray) &&
    Array.isArray(shards) &&
    shards.every(isShard)
  );
}

function isShard(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { index, range, parentShardIds, createdMs, creationSeconds } = value as Partial<ShardState>;
  return (
    [index, createdMs, creationSeconds].every(Number.isSafeInteger) &&
    typeof range?.start === 'bigint' &&
    typeof range.end === 'bigint' &&
    Array.isArray(parentShardIds)
  );
}
