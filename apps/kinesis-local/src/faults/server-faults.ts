import { FaultPlan, SeededRandom, type FaultRates } from '@highwater/kinesis-engine/faults';

/** The faults to cause, as the admin endpoint and the library accept them. */
export interface FaultSettings extends FaultRates {
  /** The same seed and the same calls lead to the same faults. */
  readonly seed: string;
  /** Only these operations; undefined means all. */
  readonly operations?: readonly string[] | undefined;
}

/** The faults of a running server, which can be changed at any time. */
export class ServerFaults {
  #plan: FaultPlan | undefined;
  #operations: readonly string[] | undefined;

  get settings(): FaultSettings | undefined {
    const plan = this.#plan;
    return plan && { ...plan.rates, seed: plan.seed, operations: this.#operations };
  }

  /** Starts these faults, and stops the previous ones. */
  start(settings: FaultSettings): void {
    const { seed, operations, ...rates } = settings;
    this.#plan = new FaultPlan(new SeededRandom(seed), rates);
    this.#operations = operations;
  }

  stop(): void {
    this.#plan = undefined;
  }

  /** The fault plan for a call of this operation; undefined when nothing may go wrong. */
  planFor(operation: string): FaultPlan | undefined {
    return this.#operations?.includes(operation) === false ? undefined : this.#plan;
  }
}
