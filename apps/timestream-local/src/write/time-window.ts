import type { TableSettings } from '../store/catalog-types.ts';

const minuteNs = 60_000_000_000n;
const hourNs = 60n * minuteNs;

/** Captured windows are 40 minutes wider than the retention; 15 of them are documented as ahead. */
const slack = { aheadNs: 15n * minuteNs, behindNs: 25n * minuteNs };

/** The times of records that a table currently accepts: half-open, in nanoseconds. */
export interface TimeWindow {
  /** Older records go to the magnetic store, where that is allowed. */
  readonly memoryFromNs: bigint;
  readonly fromNs: bigint;
  readonly toNs: bigint;
  /** As the service ends the sentence that rejects a record. */
  readonly storeName: 'memory store' | 'data ingestion window';
}

/**
 * The window by a table's retention. With magnetic store writes both retentions add up, as captured.
 *
 * @param isStrict leaves the undocumented slack behind the retention out
 */
export function timeWindow(
  { memoryHours, magneticDays, magneticWrites, memoryOpenFromMs = 0 }: TableSettings,
  nowMs: number,
  isStrict: boolean,
): TimeWindow {
  const nowNs = BigInt(Math.floor(nowMs)) * 1_000_000n;
  const behindNs = isStrict ? 0n : slack.behindNs;
  const openFromNs = BigInt(Math.floor(memoryOpenFromMs)) * 1_000_000n - behindNs;
  const retainedFromNs = nowNs - BigInt(memoryHours) * hourNs - behindNs;
  const memoryFromNs = openFromNs > retainedFromNs ? openFromNs : retainedFromNs;
  return {
    memoryFromNs,
    fromNs: magneticWrites ? retainedFromNs - BigInt(magneticDays) * 24n * hourNs : memoryFromNs,
    toNs: nowNs + slack.aheadNs,
    storeName: magneticWrites ? 'data ingestion window' : 'memory store',
  };
}

/** The captured words of a reject for a record's time. */
export function outsideWindow({ fromNs, toNs, storeName }: TimeWindow): string {
  return `The record timestamp is outside the time range [${iso(fromNs)}, ${iso(toNs)}) of the ${storeName}.`;
}

function iso(timeNs: bigint): string {
  return new Date(Number(timeNs / 1_000_000n)).toISOString();
}
