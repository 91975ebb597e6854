import assert from 'node:assert/strict';
import { hashKeyMax } from './hash-key.ts';
import type { HashKeyRange } from './memory-shard.ts';

/** One change of the open shards, identified by their ranges. */
export type ReshardStep =
  | { readonly type: 'split'; readonly range: HashKeyRange; readonly at: bigint }
  | { readonly type: 'merge'; readonly left: HashKeyRange; readonly right: HashKeyRange };

/** Divides the whole space into equal ranges. The last one takes the remainder. */
export function equalRanges(count: number): HashKeyRange[] {
  assert(Number.isInteger(count) && count > 0, `count=${count}`);
  const size = (hashKeyMax + 1n) / BigInt(count);
  return Array.from({ length: count }, (_, i) => ({
    start: size * BigInt(i),
    end: i === count - 1 ? hashKeyMax : size * BigInt(i + 1) - 1n,
  }));
}

/**
 * The next generation on the way from the open shards to equal ranges, in the order of
 * `UpdateShardCount`: first splits at the target borders, then merges of ranges that belong
 * together. Intermediate shards live only until the next generation.
 *
 * @returns steps on different shards, to be done together; none when the goal is reached
 */
export function planGeneration(
  open: readonly HashKeyRange[],
  wanted: readonly HashKeyRange[],
): ReshardStep[] {
  const splits = open.flatMap((range): ReshardStep[] => {
    const borders = wanted.map(({ start }) => start);
    const inside = borders.filter((border) => range.start < border && border <= range.end);
    // Splits at the middle border, so that many borders in one shard take few generations.
    const at = inside[inside.length >> 1];
    return at === undefined ? [] : [{ type: 'split', range, at }];
  });
  return splits.length > 0 ? splits : planMerges(open, wanted);
}

function planMerges(open: readonly HashKeyRange[], wanted: readonly HashKeyRange[]): ReshardStep[] {
  const steps: ReshardStep[] = [];
  for (let i = 0; i + 1 < open.length; i += 1) {
    const left = open[i] as HashKeyRange;
    const right = open[i + 1] as HashKeyRange;
    if (!wanted.some(({ start, end }) => start <= left.start && right.end <= end)) continue;
    steps.push({ type: 'merge', left, right });
    i += 1;
  }
  return steps;
}
