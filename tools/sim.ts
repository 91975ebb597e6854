import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

// `npm run sim` runs every simulation; `npm run sim -- <seed>` replays one seed of the chaos;
// `npm run sim -- --count 100000 --from 2000` runs so many schedules of the fleet, from this number on,
// and with `--edges` those of producers with bad clocks and odd records; with `--fuzz` so many seeds of
// records that are meant to stop the readers, or to cost them more than their size; with `--statements`
// so many queries that might harm timestream-local, `--server <main.ts>` that of another checkout,
// `--busy` on a machine whose cores are busy.
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string' },
    from: { type: 'string', default: '0' },
    edges: { type: 'boolean', default: false },
    fuzz: { type: 'boolean', default: false },
    statements: { type: 'boolean', default: false },
    server: { type: 'string' },
    busy: { type: 'boolean', default: false },
  },
});
const [seed] = positionals;

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): void {
  const { status } = spawnSync(command, args, {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  process.exitCode = status ?? 1;
}

if (values.count !== undefined) {
  const schedulesOf = values.edges ? 'simulation/run-edges.ts' : 'consumer/run-chaos.ts';
  const runner = values.fuzz ? 'fuzz/run-fuzz.ts' : schedulesOf;
  const path = values.statements
    ? '../apps/timestream-local/test/statements/run-statements.ts'
    : `../test/${runner}`;
  const more = [
    ...(values.server === undefined ? [] : ['--server', values.server]),
    ...(values.busy ? ['--busy'] : []),
  ];
  const file = fileURLToPath(new URL(path, import.meta.url));
  run(process.execPath, [file, values.count, values.from, ...more]);
} else if (seed === undefined) {
  run('vitest', ['run', '--project', 'sim']);
} else {
  const chaos = ['test/simulation', 'test/consumer', '-t', 'chaos'];
  run('vitest', ['run', '--project', 'sim', ...chaos], { HW_SIM_SEED: seed });
}
