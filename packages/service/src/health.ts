/** The state of a service, as reported by its `/readyz`. */
export type HealthState = 'starting' | 'ready' | 'draining';

/** Only moves forward: a draining service is never ready again. */
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
