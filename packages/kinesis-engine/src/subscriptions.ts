import type { Clock } from '@highwater/model';
import type { MemoryShard } from './memory-shard.ts';
import { ServiceException } from './service-exception.ts';
import type { SubscriptionTimes } from './subscribe.ts';

interface Holder {
  readonly startedMs: number;
  readonly controller: AbortController;
}

/** The current subscriptions: one for each consumer and shard. */
export class Subscriptions {
  readonly #clock: Clock;
  readonly #times: SubscriptionTimes;
  readonly #holders = new Map<string, Holder>();

  constructor(clock: Clock, times: SubscriptionTimes) {
    this.#clock = clock;
    this.#times = times;
  }

  /** Number of active subscriptions. */
  get runningCount(): number {
    let count = 0;
    for (const { controller } of this.#holders.values()) if (!controller.signal.aborted) count += 1;
    return count;
  }

  /**
   * Takes over the subscription of a consumer to a shard from its current holder.
   *
   * @returns a signal that aborts when another call takes over, or on release
   * @throws {ServiceException} ResourceInUseException within five seconds of the last successful
   * call, whether that subscription is still active or not
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
