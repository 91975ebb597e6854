import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTimestreamLocal } from '../../src/index.ts';
import { JsonClient } from './json-client.ts';
import { functionNames, statementOf } from './statement.ts';
import { createTables, nowMs } from './tables.ts';

const count = 2_000;
const passedShareMin = 0.9;

// Goal: the fuzz tries only what runs, and all of it. Method: each statement is prepared, which
// checks its types without running it.
describe('the generator of statements', () => {
  let server: Awaited<ReturnType<typeof startTimestreamLocal>>;
  let client: JsonClient;
  beforeAll(async () => {
    server = await startTimestreamLocal({ retentionClock: () => nowMs });
    client = new JsonClient(server.port);
    await createTables(client);
  });
  afterAll(async () => {
    client[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
  });

  it('makes statements that pass the type checks, with every function', async () => {
    const refused: string[] = [];
    const missing = new Set(functionNames);
    for (let seed = 0; seed < count; seed += 1) {
      const { text } = statementOf(`statement-${seed}`);
      const { status, body } = await client.call('PrepareQuery', {
        QueryString: text,
        ValidateOnly: true,
      });
      if (status === 200)
        for (const [, name = ''] of text.matchAll(/(\w+)\(/g)) missing.delete(name);
      else refused.push(`${text}\n${body}`);
    }
    expect([...missing]).toEqual([]);
    const isEnough = refused.length < count * (1 - passedShareMin);
    expect(isEnough ? [] : refused).toEqual([]);
  });
});
