import type { Clock } from '@highwater/model';

/** At which call of a worker it dies, and on which side of the call's effect. */
export interface Death {
  readonly call: number;
  readonly side: 'before' | 'after';
}

/**
 * One life of a process, with access to all its ports. After its death, no call returns, as on a
 * machine that lost power. Finished work stays done.
 */
export class Mortal {
  #callsCount = 0;
  #isDead = false;
  #pausedToMs = 0;
  readonly #death: Death | undefined;
  readonly #onDeath: () => void;

  constructor(death?: Death, onDeath: () => void = () => undefined) {
    this.#death = death;
    this.#onDeath = onDeath;
  }

  get callsCount(): number {
    return this.#callsCount;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  die(): void {
    if (this.#isDead) return;
    this.#isDead = true;
    this.#onDeath();
  }

  /** Nothing that sleeps wakes before then, monotonic: SIGSTOP and SIGCONT, a long collection. */
  pauseTo(monotonicMs: number): void {
    this.#pausedToMs = monotonicMs;
  }

  /** The port as the mortal sees it. Every method must return a promise, which may be of events. */
  port<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) =>
          this.#call(() => Reflect.apply(member, target, args) as Promise<unknown>);
      },
    });
  }

  /** Time as the process sees it. A sleeper does not wake after the process has died. */
  clock(clock: Clock): Clock {
    return {
      nowMs: () => clock.nowMs(),
      monotonicMs: () => clock.monotonicMs(),
      sleep: async (durationMs, signal) => {
        await clock.sleep(durationMs, signal);
        while (clock.monotonicMs() < this.#pausedToMs) {
          await clock.sleep(this.#pausedToMs - clock.monotonicMs());
        }
        if (this.#isDead) await never();
      },
    };
  }

  async #call(call: () => Promise<unknown>): Promise<unknown> {
    if (this.#isDead) return never();
    this.#callsCount += 1;
    const isLast = this.#callsCount === this.#death?.call;
    if (isLast && this.#death?.side === 'before') this.die();
    if (this.#isDead) return never();
    const reply = await call();
    if (isLast) this.die();
    if (this.#isDead) return never();
    return isEvents(reply) ? this.#events(reply) : reply;
  }

  async *#events(events: AsyncIterable<unknown>): AsyncGenerator {
    for await (const event of events) {
      if (this.#isDead) await never();
      yield event;
    }
  }
}

function isEvents(reply: unknown): reply is AsyncIterable<unknown> {
  return typeof reply === 'object' && reply !== null && Symbol.asyncIterator in reply;
}

/** One per call, because a shared promise would retain every world that ever waited for it. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}
