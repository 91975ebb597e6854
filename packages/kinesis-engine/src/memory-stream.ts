import assert from 'node:assert/strict';
import type { HashKeyHex } from './hash-key.ts';
import { MemoryShard, shardIdOf, type HashKeyRange, type ShardState } from './memory-shard.ts';
import type { RecordLogOptions } from './record-log.ts';
import { equalRanges, planGeneration, type ReshardStep } from './reshard-plan.ts';
import type {
  ConsumerState,
  StreamSettings,
  StreamState,
  StreamStatus,
  Transition,
} from './stream-state.ts';

/** The parts of its account that a stream needs. */
export interface StreamHost {
  /** How long each change of state takes. */
  readonly transitionMs: number;
  readonly logOptions: (
    streamCreatedMs: number,
    streamName: string,
    shardId: string,
  ) => RecordLogOptions;
}

/**
 * One stream: its shards, and their changes over time.
 *
 * There are no timers: a change that takes time is recorded with its due time, and the next call
 * after that time makes it, as if it had been made on time.
 */
export class MemoryStream {
  readonly streamName: string;
  readonly arn: string;
  readonly createdMs: number;
  readonly settings: StreamSettings;
  readonly consumers = new Map<string, ConsumerState>();
  readonly scaledMs: number[];
  readonly #host: StreamHost;
  #status: StreamStatus;
  #shards: MemoryShard[] = [];
  readonly #byId = new Map<string, MemoryShard>();
  /** Sorted by start; always covers the whole range without overlap. */
  #open: MemoryShard[] = [];
  #shardsMade: number;
  #transitions: Transition[];
  #trimmedMs = -Infinity;
  #isGone = false;
  #nextOpen = 0;

  constructor(state: StreamState, host: StreamHost) {
    this.streamName = state.streamName;
    this.arn = state.arn;
    this.createdMs = state.createdMs;
    this.settings = { ...state.settings };
    this.scaledMs = [...state.scaledMs];
    this.#host = host;
    this.#status = state.status;
    this.#shardsMade = state.shardsMade;
    this.#transitions = [...state.transitions];
    for (const consumer of state.consumers) this.consumers.set(consumer.consumerName, consumer);
    for (const shard of state.shards) this.#add(shard);
  }

  /** Starts a new stream. */
  static create(
    stream: {
      readonly streamName: string;
      readonly arn: string;
      readonly shardsCount: number;
      readonly settings: StreamSettings;
      readonly nowMs: number;
    },
    host: StreamHost,
  ): MemoryStream {
    const { shardsCount, nowMs, ...rest } = stream;
    const created = new MemoryStream(
      {
        ...rest,
        createdMs: nowMs,
        status: 'CREATING',
        shardsMade: 0,
        shards: [],
        transitions: [],
        consumers: [],
        scaledMs: [],
      },
      host,
    );
    for (const range of equalRanges(shardsCount)) created.#make(range, [], nowMs);
    created.#after(nowMs, (atMs) => ({ type: 'activate', atMs }));
    return created;
  }

  get state(): StreamState {
    const { streamName, arn, createdMs, settings, scaledMs } = this;
    return {
      streamName,
      arn,
      createdMs,
      status: this.#status,
      settings,
      shardsMade: this.#shardsMade,
      shards: this.#shards.map(({ state, closedMs }) => ({ ...state, closedMs })),
      transitions: this.#transitions,
      consumers: [...this.consumers.values()],
      scaledMs,
    };
  }

  get status(): StreamStatus {
    return this.#status;
  }

  /** Whether its deletion is complete. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Shards that are open or have records within the retention, oldest first. */
  get shards(): readonly MemoryShard[] {
    return this.#shards;
  }

  /** Open shards in the order of their hash keys. */
  get openShards(): readonly MemoryShard[] {
    return this.#open;
  }

  /** When the next change is due; undefined when none is in progress. */
  get nextTransitionMs(): number | undefined {
    return this.#transitions[0]?.atMs;
  }

  /** Makes the changes of state that are due, and drops records older than the retention. */
  settle(nowMs: number): void {
    for (;;) {
      const next = this.#transitions[0];
      if (next === undefined || next.atMs > nowMs) break;
      this.#transitions.shift();
      this.#complete(next);
    }
    // Once per second is enough, and a stream of many shards is called far more often.
    if (Math.abs(nowMs - this.#trimmedMs) < 1000) return;
    this.#trimmedMs = nowMs;
    const horizonMs = this.horizonMs(nowMs);
    for (const shard of this.#shards) {
      shard.log.trim(horizonMs);
      if (!isExpired(shard, horizonMs)) continue;
      this.#byId.delete(shard.shardId);
      shard.log.remove();
    }
    if (this.#byId.size < this.#shards.length) this.#shards = [...this.#byId.values()];
  }

  /** Records that arrived before this time are dropped. */
  horizonMs(nowMs: number): number {
    return nowMs - this.settings.retentionHours * 3_600_000;
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

  /** The next open shard in turn, for streams that distribute records regardless of their keys. */
  nextOpenShard(): MemoryShard {
    this.#nextOpen = (this.#nextOpen + 1) % this.#open.length;
    return this.#open[this.#nextOpen] as MemoryShard;
  }

  find(shardId: string): MemoryShard | undefined {
    return this.#byId.get(shardId);
  }

  childrenOf(shardId: string): readonly MemoryShard[] {
    return this.#shards.filter((shard) => shard.parentShardIds.includes(shardId));
  }

  /** Starts deleting. */
  delete(nowMs: number): void {
    this.#status = 'DELETING';
    this.#transitions = [];
    this.#after(nowMs, (atMs) => ({ type: 'delete', atMs }));
  }

  /** Deletes it immediately. */
  discard(): void {
    this.#isGone = true;
    for (const shard of this.#shards) {
      shard.log.remove();
      shard.notify();
    }
  }

  /** Starts a change that does not affect the shards. */
  update(nowMs: number): void {
    this.#status = 'UPDATING';
    this.#after(nowMs, (atMs) => ({ type: 'activate', atMs }));
  }

  /** Starts a split or a merge of open shards. */
  reshard(step: ReshardStep, nowMs: number): void {
    this.#status = 'UPDATING';
    this.#after(nowMs, (atMs) => ({ type: 'reshard', atMs, step }));
  }

  /** Starts moving to shards of equal ranges, one generation after another. */
  scale(shardsCount: number, nowMs: number): void {
    this.#status = 'UPDATING';
    this.#after(nowMs, (atMs) => ({ type: 'scale', atMs, shardsCount }));
  }

  enforceLimits(isEnforced: boolean, nowMs: number): void {
    this.settings.enforcesLimits = isEnforced;
    for (const shard of this.#shards) shard.enforceLimits(isEnforced, nowMs);
  }

  #after(nowMs: number, transition: (atMs: number) => Transition): void {
    const { transitionMs } = this.#host;
    if (transitionMs === 0) {
      this.#complete(transition(nowMs));
      return;
    }
    this.#transitions.push(transition(nowMs + transitionMs));
    // Readers that wait at a shard must learn about the new due time.
    for (const shard of this.#open) shard.notify();
  }

  #complete(transition: Transition): void {
    const { atMs } = transition;
    switch (transition.type) {
      case 'activate':
        this.#status = 'ACTIVE';
        break;
      case 'delete':
        this.discard();
        break;
      case 'reshard':
        this.#status = 'ACTIVE';
        this.#reshard(transition.step, atMs);
        break;
      case 'scale':
        this.#status = 'ACTIVE';
        for (const step of this.#plan(transition.shardsCount)) this.#reshard(step, atMs);
        if (this.#plan(transition.shardsCount).length > 0) {
          this.scale(transition.shardsCount, atMs);
        }
    }
  }

  #plan(shardsCount: number): ReshardStep[] {
    return planGeneration(
      this.#open.map(({ range }) => range),
      equalRanges(shardsCount),
    );
  }

  #reshard(step: ReshardStep, atMs: number): void {
    if (step.type === 'split') {
      const parent = this.#close(step.range, atMs);
      const { start, end } = step.range;
      this.#make({ start, end: step.at - 1n }, [parent], atMs);
      this.#make({ start: step.at, end }, [parent], atMs);
    } else {
      const parents = [this.#close(step.left, atMs), this.#close(step.right, atMs)];
      this.#make({ start: step.left.start, end: step.right.end }, parents, atMs);
    }
  }

  #close(range: HashKeyRange, atMs: number): MemoryShard {
    const shard = this.#open.find((open) => open.range.start === range.start);
    assert(shard !== undefined && shard.range.end === range.end, 'no open shard has this range');
    this.#open = this.#open.filter((open) => open !== shard);
    shard.close(atMs);
    return shard;
  }

  #make(range: HashKeyRange, parents: readonly MemoryShard[], createdMs: number): void {
    const parentSeconds = parents.map(({ state }) => state.creationSeconds + 1);
    this.#add({
      index: this.#shardsMade,
      range,
      parentShardIds: parents.map(({ shardId }) => shardId),
      createdMs,
      // Rises from parent to child, so that a child has larger sequence numbers.
      creationSeconds: Math.max(Math.floor(createdMs / 1000), ...parentSeconds),
    });
    this.#shardsMade += 1;
  }

  #add(state: ShardState): void {
    const shardId = shardIdOf(state.index);
    const log = this.#host.logOptions(this.createdMs, this.streamName, shardId);
    const shard = new MemoryShard(state, log);
    shard.enforceLimits(this.settings.enforcesLimits, state.createdMs);
    this.#shards.push(shard);
    this.#byId.set(shard.shardId, shard);
    if (shard.closedMs !== undefined) return;
    const after = this.#open.findIndex((open) => open.startHex > shard.startHex);
    this.#open.splice(after === -1 ? this.#open.length : after, 0, shard);
  }
}

function isExpired(shard: MemoryShard, horizonMs: number): boolean {
  if (shard.closedMs === undefined || shard.closedMs >= horizonMs) return false;
  return shard.log.firstIndex === shard.log.endIndex;
}
