import type { OutgoingRecord, TimeUnit } from '@highwater/model';
import { randomPartitionKey, type Draws } from './draws.ts';
import type { Reporter } from './reporter.ts';

/** The values shared by all records of a round, and the draws for each. */
export interface RoundOptions {
  readonly draws: Draws;
  readonly timeUnit: TimeUnit;
  /** The digits of the next record's time, in `timeUnit`. */
  readonly nextTime: () => string;
  /** Spreads a series over all shards, instead of keeping a machine in one. */
  readonly hasRandomPartitionKeys: boolean;
}

/**
 * One record for every series, byte for byte in the layout of the original generator: one JSON
 * object with its members in a fixed order, and a space after every colon and comma.
 *
 * The texts must be ASCII without characters that JSON escapes. Those of the fleet are.
 */
export function* encodeRound(
  reporters: readonly Reporter[],
  { draws, timeUnit, nextTime, hasRandomPartitionKeys }: RoundOptions,
): Generator<OutgoingRecord, void, undefined> {
  const unitText = `", "TimeUnit": "${timeUnit}`;
  for (const { partitionKey, seriesCount, measureTexts, tail, drawValues } of reporters) {
    const values = drawValues(draws.values);
    const end = unitText + tail;
    for (let i = 0; i < seriesCount; i++) {
      const { before, after } = measureTexts[i] as (typeof measureTexts)[number];
      const text = before + (values[i] as string) + after + nextTime() + end;
      yield {
        partitionKey: hasRandomPartitionKeys ? randomPartitionKey(draws) : partitionKey,
        data: Buffer.from(text, 'latin1'),
      };
    }
  }
}
