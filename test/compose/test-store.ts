/** A store that the stack can run on. */
interface TestStore {
  readonly service: 'timestream-local' | 'postgres';
  /** What a person would set for it. */
  readonly environment: Readonly<Record<string, string>>;
}

const stores: Readonly<Record<string, TestStore>> = {
  timestream: { service: 'timestream-local', environment: { COMPOSE_PROFILES: '' } },
  postgres: {
    service: 'postgres',
    environment: {
      COMPOSE_PROFILES: 'postgres',
      STORE: 'postgres://highwater@postgres:5432/highwater',
      TIMESTREAM_REPLICAS: '0',
    },
  },
};

/** The store of the test stack: Timestream, or what `TEST_STORE` names. */
export const testStore = storeOf(process.env['TEST_STORE'] ?? 'timestream');

function storeOf(name: string): TestStore {
  const store = stores[name];
  if (store) return store;
  throw new Error(`TEST_STORE=${name}: must be one of ${Object.keys(stores).join(', ')}`);
}
