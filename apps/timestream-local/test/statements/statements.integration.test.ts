import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { busyBounds } from './fault.ts';
import { fuzzStatements, type Find } from './fuzz-statements.ts';

/**
 * A sample of everything. `npm run sim -- --statements` runs as many as you like, with stricter
 * limits.
 */
const count = 300;

// Goal: no statement that passes the type checks harms the server or its other users. Method:
// seeded statements with harmful sizes run on a separate server with small limits. A fault counts
// if the statement shows it alone on a fresh server, twice.
describe('a server that receives statements that pass the type checks', () => {
  it('stays within its limits and uses the words of the service', async () => {
    const finds: Find[] = [];
    await fuzzStatements({
      from: 0,
      count,
      bounds: busyBounds,
      settings: {
        main: join(import.meta.dirname, '../../src/main.ts'),
        timeLimitMs: 2_000,
        memoryBytesMax: 2 ** 28,
      },
      onFind: (find) => finds.push(find),
    });
    expect(finds).toEqual([]);
  });
});
