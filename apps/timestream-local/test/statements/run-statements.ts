import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { busyBounds, strictBounds } from './fault.ts';
import { fuzzStatements } from './fuzz-statements.ts';

// Fuzzes the statements of timestream-local for as long as you like, without a test runner: `npm
// run sim -- --statements --count 1000000 --from 0`. Prints each finding with its seed and the
// smallest statement with the same fault. `--server <main.ts>` runs the server of another checkout.

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    server: { type: 'string' },
    'time-limit-ms': { type: 'string', default: '2000' },
    /** For a machine with busy cores: no delay below ten seconds counts. */
    busy: { type: 'boolean', default: false },
    'memory-mib': { type: 'string', default: '256' },
  },
});
const [count = 0, from = 0] = positionals.map(Number);
// The servers end with this process, if it gets the time.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
let finds = 0;
const totals = await fuzzStatements({
  from,
  count,
  settings: {
    main: values.server ?? fileURLToPath(new URL('../../src/main.ts', import.meta.url)),
    timeLimitMs: Number(values['time-limit-ms']),
    memoryBytesMax: Number(values['memory-mib']) * 2 ** 20,
  },
  bounds: values.busy ? busyBounds : strictBounds,
  onFind: ({ seed, fault, text, smallest }) => {
    finds += 1;
    process.stdout.write(
      `${seed}: ${fault.kind}: ${fault.detail}\n  ${smallest}\n${smallest === text ? '' : `  was: ${text}\n`}`,
    );
  },
  onRound: (soFar) => {
    process.stdout.write(`${soFar.progress()}\n`);
  },
});
process.stdout.write(totals.describe());
process.exitCode = finds > 0 ? 1 : 0;
