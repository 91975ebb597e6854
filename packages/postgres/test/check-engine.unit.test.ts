import { expect, it } from 'vitest';
import type { Connection } from '../src/connections.ts';
import { ensureSchema } from '../src/schema/ensure-schema.ts';
import { schemaNames } from '../src/schema/schema-names.ts';

/** Answers the first question, about the engine, and fails at the next. */
function engine(version: number, text: string, encoding: string): Connection {
  let asked = 0;
  return {
    rows: async () => {
      asked += 1;
      if (asked > 1) throw new Error('asked for more');
      return [[version, text, encoding]];
    },
  } as unknown as Connection;
}

const wish = {
  address: {
    host: 'db',
    port: 5432,
    database: 'metrics',
    user: 'writer',
    tls: 'off',
    password: async () => undefined,
  },
  names: schemaNames(),
  table: 'raw',
  mayCreate: true,
} as const;

it.each([
  [engine(130_014, '13.14', 'UTF8'), 'PostgreSQL 13.14 is too old'],
  [engine(140_000, '14.0', 'LATIN1'), 'its encoding is LATIN1'],
  [engine(140_000, '14.0', 'UTF8'), 'asked for more'],
])('refuses an engine that it cannot use, before anything is made (%#)', async (found, message) => {
  await expect(ensureSchema(found, wish)).rejects.toThrow(message);
});
