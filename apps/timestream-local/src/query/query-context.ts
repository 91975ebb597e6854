import type { Slots } from '@highwater/flow';
import type { Clock } from '@highwater/model';
import type { Engines } from '../engine/engines.ts';
import type { Store } from '../store/store.ts';
import type { OpenQueries } from './open-queries.ts';

/** Dependencies of the operations of the Query API. */
export interface QueryContext {
  readonly store: Store;
  readonly engines: Engines;
  /** By the retention clock. */
  readonly nowMs: () => number;
  readonly clock: Clock;
  readonly queries: OpenQueries;
  readonly slots: Slots;
  /** How long one call may compute. */
  readonly timeLimitMs: number;
}
