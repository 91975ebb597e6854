import { killWithOpenRows } from './kill.ts';
import { rollingRestart } from './rolling-restart.ts';

/** The cost of a restart and of a crash, with real processes and the services' default settings. */
export async function run(): Promise<void> {
  const out = (line: string) => void process.stdout.write(`${line}\n`);
  await rollingRestart(out);
  out('');
  await killWithOpenRows(out);
}
