import type { Clock, ShardPosition } from '@highwater/model';
import type { FanOutApi, SubscriptionEvent } from '../api/fan-out-api.ts';

/** The options of a subscription. */
export interface SubscriptionOptions {
  readonly api: FanOutApi;
  readonly consumerArn: string;
  readonly shardId: string;
  readonly position: ShardPosition;
  readonly clock: Clock;
}

/** The outcome of waiting for the next event. */
export type SubscriptionStep =
  | { readonly type: 'event'; readonly event: SubscriptionEvent }
  /** Nothing arrived before the time limit. */
  | { readonly type: 'silence' }
  | { readonly type: 'end' }
  | { readonly type: 'error'; readonly error: unknown };

/**
 * Without its own reason, every abort creates an exception with a stack, which is costly once per
 * event.
 */
const heard = new Error('waiting for an event is over');

/**
 * One call of SubscribeToShard and its events, read one at a time. Unread events stay in the
 * connection, whose flow control slows the service down. If a wait is aborted, its event is not lost:
 * the next wait returns it.
 */
export class Subscription implements AsyncDisposable {
  readonly consumerArn: string;
  readonly #clock: Clock;
  readonly #life = new AbortController();
  readonly #events: AsyncGenerator<SubscriptionEvent, void, undefined>;
  #pending: Promise<SubscriptionStep> | undefined;
  #sinceMs: number | undefined;
  #silentMs = 0;

  constructor(options: SubscriptionOptions) {
    this.consumerArn = options.consumerArn;
    this.#clock = options.clock;
    this.#events = this.#subscribe(options);
  }

  /** When the service accepted it, monotonic; undefined when it has not. */
  get sinceMs(): number | undefined {
    return this.#sinceMs;
  }

  /** How long it has been silent since the last event, while a reader waited. */
  get silentMs(): number {
    return this.#silentMs;
  }

  /**
   * Waits for the next event, up to a time limit.
   *
   * @throws the signal's reason when it aborts first
   */
  async next(waitMs: number, signal: AbortSignal): Promise<SubscriptionStep> {
    const step = await this.#await(waitMs, signal);
    if (step.type === 'silence') {
      this.#silentMs += waitMs;
    } else {
      this.#silentMs = 0;
      this.#pending = undefined;
    }
    return step;
  }

  /** The next event, if it has already arrived. An end or an error is left to `next`. */
  async nextIfThere(signal: AbortSignal): Promise<SubscriptionEvent | undefined> {
    const step = await this.#await(0, signal);
    if (step.type !== 'event') return undefined;
    this.#pending = undefined;
    return step.event;
  }

  async #await(waitMs: number, signal: AbortSignal): Promise<SubscriptionStep> {
    this.#pending ??= this.#take();
    const waited = new AbortController();
    const silence = this.#clock.sleep(waitMs, AbortSignal.any([signal, waited.signal])).then(
      (): SubscriptionStep => ({ type: 'silence' }),
      (): SubscriptionStep => ({ type: 'silence' }),
    );
    const step = await Promise.race([this.#pending, silence]);
    waited.abort(heard);
    signal.throwIfAborted();
    return step;
  }

  /** Also ends it at the service. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort(new Error('the subscription is not needed any more'));
    // Not awaited: a stuck connection may never answer, and nobody reads it any more.
    this.#events.return().catch(() => undefined);
  }

  #take(): Promise<SubscriptionStep> {
    return this.#events.next().then(
      ({ done, value }): SubscriptionStep =>
        done === true ? { type: 'end' } : { type: 'event', event: value },
      (error: unknown): SubscriptionStep => ({ type: 'error', error }),
    );
  }

  async *#subscribe(options: SubscriptionOptions): AsyncGenerator<SubscriptionEvent, void> {
    const events = await options.api.subscribe(options, this.#life.signal);
    this.#sinceMs = this.#clock.monotonicMs();
    yield* events;
  }
}
