import { killWithOpenRows } from './kill.ts';
import { rollingRestart } from './rolling-restart.ts';

/** What a restart and a crash cost, with real processes and the services' default settings. */
export async function run(): Promise<void> {
  const out = (line: string) => void process.stdout.write(`${line}\n`);
  await rollingRestart(out);
  out('');
  await killWithOpenRows(out);
}
