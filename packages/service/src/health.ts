/** What a service is doing, as its `/readyz` tells. */
export type HealthState = 'starting' | 'ready' | 'draining';

/** Moves forward only: a service that drains is never ready again. */
export interface Health {
  ready(): void;
  draining(): void;
  readonly state: HealthState;
}

/** Starts in `starting`. */
export function createHealth(): Health {
  let state: HealthState = 'starting';
  return {
    ready: () => {
      if (state === 'starting') state = 'ready';
    },
    draining: () => {
      state = 'draining';
    },
    get state() {
      return state;
    },
  };
}
