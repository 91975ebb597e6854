import assert from 'node:assert/strict';
import type { HashKeyHex } from './hash-key.ts';
import { MemoryShard, type HashKeyRange } from './memory-shard.ts';
import { equalRanges, planGeneration, type ReshardStep } from './reshard-plan.ts';

export type StreamMode = 'PROVISIONED' | 'ON_DEMAND';
export type StreamStatus = 'CREATING' | 'DELETING' | 'ACTIVE' | 'UPDATING';

interface Transition {
  readonly atMs: number;
  readonly apply: (atMs: number) => void;
}

/**
 * One stream: its shards, what they become, and when.
 *
 * No timers: a change that takes time is written down with the time when it is due, and done by the
 * next call after that time, as if it had been done then.
 */
export class MemoryStream {
  readonly streamName: string;
  readonly arn: string;
  readonly createdMs: number;
  mode: StreamMode;
  retentionHours = 24;
  #status: StreamStatus = 'CREATING';
  #shards: MemoryShard[] = [];
  /** Sorted by start; always covers the whole space without overlap. */
  #open: MemoryShard[] = [];
  #shardsMade = 0;
  #transitions: Transition[] = [];
  #trimmedMs = -Infinity;
  readonly #transitionMs: number;

  constructor(stream: {
    readonly streamName: string;
    readonly arn: string;
    readonly mode: StreamMode;
    readonly shardsCount: number;
    readonly nowMs: number;
    /** How long each change of state takes. */
    readonly transitionMs: number;
  }) {
    this.streamName = stream.streamName;
    this.arn = stream.arn;
    this.mode = stream.mode;
    this.createdMs = stream.nowMs;
    this.#transitionMs = stream.transitionMs;
    for (const range of equalRanges(stream.shardsCount)) this.#add(range, [], stream.nowMs);
    this.#after(stream.nowMs, 1, () => {
      this.#status = 'ACTIVE';
    });
  }

  get status(): StreamStatus {
    return this.#status;
  }

  /** Shards that are open or have records within the retention, oldest first. */
  get shards(): readonly MemoryShard[] {
    return this.#shards;
  }

  /** Open shards in the order of their hash keys. */
  get openShards(): readonly MemoryShard[] {
    return this.#open;
  }

  get heldBytes(): number {
    return this.#shards.reduce((sum, { log }) => sum + log.heldBytes, 0);
  }

  /** Does what is due: changes of state, and forgetting what is older than the retention. */
  settle(nowMs: number): void {
    for (;;) {
      const next = this.#transitions[0];
      if (next === undefined || next.atMs > nowMs) break;
      this.#transitions.shift();
      next.apply(next.atMs);
    }
    // Once a second is often enough, and a stream of many shards is asked far more often.
    if (Math.abs(nowMs - this.#trimmedMs) < 1000) return;
    this.#trimmedMs = nowMs;
    const horizonMs = this.horizonMs(nowMs);
    let hasExpired = false;
    for (const shard of this.#shards) {
      shard.log.trim(horizonMs);
      hasExpired ||= isExpired(shard, horizonMs);
    }
    if (hasExpired) this.#shards = this.#shards.filter((shard) => !isExpired(shard, horizonMs));
  }

  /** Records that arrived before this time are gone. */
  horizonMs(nowMs: number): number {
    return nowMs - this.retentionHours * 3_600_000;
  }

  /** The open shard that owns a hash key. */
  route(hashKey: HashKeyHex): MemoryShard {
    let low = 0;
    let high = this.#open.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#open[middle] as MemoryShard).startHex <= hashKey) low = middle;
      else high = middle - 1;
    }
    return this.#open[low] as MemoryShard;
  }

  find(shardId: string): MemoryShard | undefined {
    return this.#shards.find((shard) => shard.shardId === shardId);
  }

  childrenOf(shardId: string): readonly MemoryShard[] {
    return this.#shards.filter((shard) => shard.parentShardIds.includes(shardId));
  }

  /** Starts deleting; `done` is called when nothing is left. */
  delete(nowMs: number, done: () => void): void {
    this.#status = 'DELETING';
    this.#transitions = [];
    this.#after(nowMs, 1, done);
  }

  /** Starts a split or a merge of open shards. */
  reshard(step: ReshardStep, nowMs: number): void {
    this.#update(nowMs, 1, (atMs) => this.#apply(step, atMs));
  }

  /** Starts going to shards of equal ranges, one generation after the other. */
  scale(shardsCount: number, nowMs: number): void {
    const wanted = equalRanges(shardsCount);
    const generation = (atMs: number): void => {
      for (const step of this.#plan(wanted)) this.#apply(step, atMs);
      if (this.#plan(wanted).length > 0) this.#update(atMs, 1, generation);
    };
    this.#update(nowMs, 1, generation);
  }

  #plan(wanted: readonly HashKeyRange[]): ReshardStep[] {
    return planGeneration(
      this.#open.map(({ range }) => range),
      wanted,
    );
  }

  #update(nowMs: number, steps: number, apply: (atMs: number) => void): void {
    this.#status = 'UPDATING';
    this.#after(nowMs, steps, (atMs) => {
      this.#status = 'ACTIVE';
      apply(atMs);
    });
  }

  #after(nowMs: number, steps: number, apply: (atMs: number) => void): void {
    const transition = { atMs: nowMs + steps * this.#transitionMs, apply };
    if (this.#transitionMs === 0) apply(transition.atMs);
    else this.#transitions.push(transition);
  }

  #apply(step: ReshardStep, atMs: number): void {
    if (step.type === 'split') {
      const parent = this.#close(step.range, atMs);
      const { start, end } = step.range;
      this.#add({ start, end: step.at - 1n }, [parent], atMs);
      this.#add({ start: step.at, end }, [parent], atMs);
    } else {
      const parents = [this.#close(step.left, atMs), this.#close(step.right, atMs)];
      this.#add({ start: step.left.start, end: step.right.end }, parents, atMs);
    }
  }

  #close(range: HashKeyRange, atMs: number): MemoryShard {
    const shard = this.#open.find((open) => open.range.start === range.start);
    assert(shard !== undefined && shard.range.end === range.end, 'no open shard has this range');
    shard.close(atMs);
    this.#open = this.#open.filter((open) => open !== shard);
    return shard;
  }

  #add(range: HashKeyRange, parents: readonly MemoryShard[], createdMs: number): void {
    const shard = new MemoryShard({ index: this.#shardsMade, range, parents, createdMs });
    this.#shardsMade += 1;
    this.#shards.push(shard);
    const after = this.#open.findIndex((open) => open.startHex > shard.startHex);
    this.#open.splice(after === -1 ? this.#open.length : after, 0, shard);
  }
}

function isExpired(shard: MemoryShard, horizonMs: number): boolean {
  if (shard.closedMs === undefined || shard.closedMs >= horizonMs) return false;
  return shard.log.firstIndex === shard.log.endIndex;
}
