import type { Clock } from '@highwater/model';
import type { MemoryShard } from './memory-shard.ts';
import { ServiceException } from './service-exception.ts';
import type { SubscriptionTimes } from './subscribe.ts';

interface Holder {
  readonly startedMs: number;
  readonly controller: AbortController;
}

/** Who is subscribed: one subscription for each consumer and shard. */
export class Subscriptions {
  readonly #clock: Clock;
  readonly #times: SubscriptionTimes;
  readonly #holders = new Map<string, Holder>();

  constructor(clock: Clock, times: SubscriptionTimes) {
    this.#clock = clock;
    this.#times = times;
  }

  /** Subscriptions that run just now. */
  get runningCount(): number {
    let count = 0;
    for (const { controller } of this.#holders.values()) if (!controller.signal.aborted) count += 1;
    return count;
  }

  /**
   * Takes the place of a consumer at a shard, from whoever has it.
   *
   * @returns a signal that aborts when it is taken by another, or released
   * @throws {ServiceException} ResourceInUseException within five seconds of the last call that
   *   succeeded, whether that subscription still runs or not
   */
  acquire(
    consumerArn: string,
    shard: MemoryShard,
  ): { readonly signal: AbortSignal; readonly release: () => void } {
    const key = `${consumerArn} ${shard.shardId}`;
    const nowMs = this.#clock.monotonicMs();
    const holder = this.#holders.get(key);
    if (holder !== undefined && nowMs - holder.startedMs < this.#times.takeOverMs) {
      throw new ServiceException(
        'ResourceInUseException',
        `Another active subscription exists for this consumer: ${consumerArn} on shard ${shard.shardId}.`,
      );
    }
    holder?.controller.abort();
    const controller = new AbortController();
    this.#holders.set(key, { startedMs: nowMs, controller });
    this.#forgetOld(nowMs);
    return { signal: controller.signal, release: () => controller.abort() };
  }

  /** Ends all subscriptions, as the service does when it moves them. */
  endAll(): void {
    for (const { controller } of this.#holders.values()) controller.abort();
  }

  #forgetOld(nowMs: number): void {
    for (const [key, { startedMs, controller }] of this.#holders) {
      if (controller.signal.aborted && nowMs - startedMs >= this.#times.takeOverMs) {
        this.#holders.delete(key);
      }
    }
  }
}
