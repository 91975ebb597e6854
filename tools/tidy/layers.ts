/** Allowed imports of the code of one workspace. Its tests may import more, see `import-edges`. */
export interface Layer {
  /** Packages of ours, without the scope. */
  readonly ours: readonly string[];
  /** Foreign packages; `declared` means any that its package.json names. */
  readonly foreign: readonly string[] | 'declared';
  /** Modules of Node, without `node:`. */
  readonly node: readonly string[] | 'any';
}

const pureNode = ['assert', 'assert/strict'];
const storeAdapter: Layer = {
  ours: ['model', 'flow', 'settings', 'store-kit'],
  foreign: 'declared',
  node: 'any',
};
const adapter: Layer = { ours: ['model', 'flow', 'settings'], foreign: 'declared', node: 'any' };

/**
 * The law of who may import whom. An edge is added here on purpose, in a commit that says why, or
 * not at all.
 */
export const layers: Readonly<Record<string, Layer>> = {
  'packages/model': { ours: [], foreign: ['zod'], node: pureNode },
  'packages/windowing': {
    ours: ['model'],
    foreign: ['zod', '@datadog/sketches-js'],
    node: pureNode,
  },
  'packages/flow': { ours: ['model'], foreign: [], node: pureNode },
  'packages/settings': { ours: ['model'], foreign: ['zod'], node: pureNode },
  'packages/kinesis': adapter,
  'packages/store-kit': { ours: ['model'], foreign: 'declared', node: 'any' },
  'packages/timestream': storeAdapter,
  'packages/postgres': storeAdapter,
  'packages/clickhouse': storeAdapter,
  'packages/stores': {
    ours: ['model', 'settings', 'store-kit', 'timestream', 'postgres', 'clickhouse'],
    foreign: 'declared',
    node: 'any',
  },
  'packages/service': adapter,
  'packages/postgres-server': {
    ours: ['model', 'flow', 'service'],
    foreign: 'declared',
    node: 'any',
  },
  'packages/aws-json': { ours: ['model', 'service'], foreign: 'declared', node: 'any' },
  'packages/kinesis-engine': { ours: ['model'], foreign: [], node: 'any' },
  'packages/testkit': {
    ours: ['model', 'kinesis', 'kinesis-engine'],
    foreign: 'declared',
    node: 'any',
  },
};

/** An app may import packages, never another app. */
export const appLayer: Layer = {
  ours: ['model', 'flow', 'windowing', 'settings', 'kinesis', 'store-kit', 'stores', 'service'],
  foreign: 'declared',
  node: 'any',
};

/** What single apps may import besides what every app may. */
export const extraImports: Readonly<Record<string, readonly string[]>> = {
  'apps/kinesis-local': ['aws-json', 'kinesis-engine'],
  'apps/timestream-local': ['aws-json'],
  // The doctor explains the permissions of Timestream's API.
  'apps/cli': ['timestream'],
  // `npm start -- --store postgres` starts a server.
  'apps/local': ['postgres-server'],
};

/** Allowed imports of tests, in addition to those of their workspace. */
export const testImports = {
  ours: ['testkit', 'kinesis-engine'],
  foreign: ['vitest', 'fast-check'],
};
