import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { password } from './clickhouse-fixture.ts';
import { prepareEngine, startEngine, type Engine } from './start-engine.ts';

/** An engine that can be killed and started again over the same rows. */
export interface TemporaryEngine extends Engine {
  /** Kills it and starts it again, at another port. */
  restart(): Promise<void>;
  /** Runs a statement as an administrator would. */
  run(statement: string): Promise<void>;
}

/** Starts an engine in a directory of its own, which goes with it. */
export async function temporaryEngine(): Promise<TemporaryEngine> {
  const interpreter = await prepareEngine();
  const directory = await mkdtemp(join(tmpdir(), 'highwater-clickhouse-'));
  const start = () => startEngine(interpreter, directory, { password });
  let engine = await start();
  return {
    get port() {
      return engine.port;
    },
    async restart() {
      await engine[Symbol.asyncDispose]();
      engine = await start();
    },
    async run(statement) {
      const authorization = `Basic ${Buffer.from(`default:${password}`).toString('base64')}`;
      const init = { method: 'POST', body: statement, headers: { authorization } };
      const reply = await fetch(`http://127.0.0.1:${engine.port}/`, init);
      if (!reply.ok) throw new Error(await reply.text());
    },
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
