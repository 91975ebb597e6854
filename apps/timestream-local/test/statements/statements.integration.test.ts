import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { busyBounds } from './fault.ts';
import { fuzzStatements, type Find } from './fuzz-statements.ts';

/** Some of everything; `npm run sim -- --statements` runs as many as you like, with stricter bounds. */
const count = 300;

// Goal: no statement that passes the type checks harms the server or who else uses it. Method: seeded
// statements with sizes that hurt run on a server of its own with small limits, and each fault counts
// that a statement has alone on a fresh server, twice.
describe('a server that is asked what passes the type checks', () => {
  it('keeps its limits and its words', async () => {
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
