import { poll } from '@highwater/flow';
import type { Clock, Logger } from '@highwater/model';
import { KinesisError } from '../errors.ts';
import type { FanOutApi, StreamConsumer } from '../api/fan-out-api.ts';

/** The options of a registration. */
export interface FanOutConsumerOptions {
  readonly api: FanOutApi;
  readonly stream: string;
  readonly consumerName: string;
  readonly clock: Clock;
  readonly log: Logger;
}

const lookIntervalMs = 1_000;
/** A consumer is active within seconds. */
const registeringMsMax = 180_000;

/**
 * The registration of a service with its stream, created if it is missing and shared by all its
 * workers. It remains when they stop, so that they find it again. `highwater fan-out deregister`
 * removes it.
 */
export class FanOutConsumer {
  readonly #options: FanOutConsumerOptions;
  #arn: string | undefined;

  constructor(options: FanOutConsumerOptions) {
    this.#options = options;
  }

  /**
   * The ARN for subscriptions.
   * @throws {KinesisError}, or the signal's reason
   */
  async arn(signal: AbortSignal): Promise<string> {
    this.#arn ??= await this.#register(signal);
    return this.#arn;
  }

  /** Forgets an ARN that the service does not know, because a new registration has another ARN. */
  forget(arn: string): void {
    if (this.#arn === arn) this.#arn = undefined;
  }

  /** Waits until it is ACTIVE. */
  async #register(signal: AbortSignal): Promise<string> {
    const { api, stream, consumerName, clock, log } = this.#options;
    const look = async () => {
      const consumers = await api.listConsumers(stream, signal);
      const found = consumers.find((consumer) => consumer.consumerName === consumerName);
      if (found?.status === 'ACTIVE') return found.consumerArn;
      if (!found) {
        log.info({ stream, consumerName }, 'Registering a consumer for enhanced fan-out.');
        const registered = await this.#registerOnce(signal);
        if (registered?.status === 'ACTIVE') return registered.consumerArn;
      }
      return undefined;
    };
    const timeoutMs = registeringMsMax;
    const arn = await poll(look, { clock, signal, intervalMs: lookIntervalMs, timeoutMs });
    if (arn !== undefined) return arn;
    const detail = `the consumer ${consumerName} of ${stream} is still not active after ${timeoutMs / 1000} s`;
    throw new KinesisError('RegisterStreamConsumer', 'Timeout', detail);
  }

  /** @returns undefined when another worker registered it first */
  async #registerOnce(signal: AbortSignal): Promise<StreamConsumer | undefined> {
    const { api, stream, consumerName } = this.#options;
    try {
      return await api.registerConsumer(stream, consumerName, signal);
    } catch (error) {
      const isThere = error instanceof KinesisError && error.exception === 'ResourceInUseException';
      if (isThere) return undefined;
      throw error;
    }
  }
}
