import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fuzzSeed } from './fuzz-seed.ts';

// A process that fuzzes seeds from one number to another and says each as a line of JSON, before and
// after; `run-fuzz.ts` sees which one it was when it ends too soon.
const [from = 0, to = 0] = process.argv.slice(2).map(Number);
Error.stackTraceLimit = 12;
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const directory = await mkdtemp(join(tmpdir(), 'highwater-fuzz-'));
try {
  for (let number = from; number < to; number++) {
    process.stdout.write(`${JSON.stringify({ begun: number })}\n`);
    const own = join(directory, String(number));
    process.stdout.write(`${JSON.stringify(await fuzzSeed(`fuzz-${number}`, own, collect))}\n`);
    await rm(own, { recursive: true });
  }
} finally {
  await rm(directory, { recursive: true });
}
