import { StateStoreError, type StateRef, type StateStore } from '@highwater/kinesis';
import type { FaultPlan, SeededRandom, SimulatedClock } from '@highwater/testkit';
import type { Clock } from '@highwater/model';

/** Faults of the calls to the snapshot store. */
export interface StateFaults {
  readonly plan: FaultPlan;
  readonly random: SeededRandom;
  /** As the worker sees it. */
  readonly clock: Pick<Clock, 'sleep'>;
  /** The network's faults: a call in progress continues when its sender has died. */
  readonly network: SimulatedClock;
  /** Share of the calls that are aborted by their caller, and done up to `lateMsMax` later. */
  readonly rates: { readonly late: number; readonly lateMsMax: number };
}

/** The place for snapshots is slow, refuses, does not answer, or does what it was asked too late. */
export function faultyStates(states: StateStore, faults: StateFaults): StateStore {
  const { plan, random, clock, network, rates } = faults;
  const isHealed = () => plan.rates.fail === undefined;

  const disturb = async <T>(action: string, key: string, call: () => Promise<T>): Promise<T> => {
    const fault = plan.nextFault();
    const delayMs = plan.nextDelayMs();
    if (delayMs > 0) await clock.sleep(delayMs);
    const failed = () => new StateStoreError(action, key, new Error(fault));
    if (!isHealed() && random.chance(rates.late)) {
      // Of what it comes to, nobody learns.
      void network
        .sleep(random.int(1, rates.lateMsMax))
        .then(call)
        .catch(() => undefined);
      throw failed();
    }
    if (fault === 'throttle' || fault === 'fail') throw failed();
    const reply = await call();
    if (fault === 'lose_reply') throw failed();
    return reply;
  };

  return {
    put: (key, state) => disturb('writing', key, () => states.put(key, state)),
    get: (ref: StateRef) => disturb('reading', ref.key, () => states.get(ref)),
    remove: (ref: StateRef) => disturb('removing', ref.key, () => states.remove(ref)),
  };
}
