import type { StreamState } from './stream-state.ts';

const version = 1;

/** An account's state as JSON text. Hash keys and maps have no form in JSON of their own. */
export function encodeState(streams: readonly StreamState[]): string {
  return JSON.stringify({ version, streams }, (_key, value: unknown) => {
    if (typeof value === 'bigint') return { $hashKey: value.toString() };
    return value instanceof Map ? { $map: [...(value as Map<string, string>)] } : value;
  });
}

/** @throws {Error} when the text is of another version, or none of ours */
export function decodeState(text: string): readonly StreamState[] {
  const state = JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value;
    if ('$hashKey' in value) return BigInt(value.$hashKey as string);
    return '$map' in value ? new Map(value.$map as [string, string][]) : value;
  }) as { readonly version: number; readonly streams: readonly StreamState[] };
  if (state.version !== version) {
    throw new Error(`reading the state: version ${state.version}, this is for version ${version}`);
  }
  return state.streams;
}
