import { FaultPlan, SeededRandom, type FaultRates } from '@highwater/kinesis-engine/faults';

/** What is to go wrong, as the admin endpoint and the library take it. */
export interface FaultSettings extends FaultRates {
  /** The same seed and the same calls meet the same faults. */
  readonly seed: string;
  /** Only these operations; absent means all. */
  readonly operations?: readonly string[] | undefined;
}

/** The faults of a running server, which can be changed while it runs. */
export class ServerFaults {
  #plan: FaultPlan | undefined;
  #operations: readonly string[] | undefined;

  get settings(): FaultSettings | undefined {
    const plan = this.#plan;
    return plan && { ...plan.rates, seed: plan.seed, operations: this.#operations };
  }

  /** Starts these faults, instead of those before. */
  start(settings: FaultSettings): void {
    const { seed, operations, ...rates } = settings;
    this.#plan = new FaultPlan(new SeededRandom(seed), rates);
    this.#operations = operations;
  }

  stop(): void {
    this.#plan = undefined;
  }

  /** The plan that a call of this operation is under; undefined when nothing may go wrong with it. */
  planFor(operation: string): FaultPlan | undefined {
    return this.#operations?.includes(operation) === false ? undefined : this.#plan;
  }
}
