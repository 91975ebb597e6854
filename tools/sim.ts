import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const help = `Runs simulations, or replays one of them.

  npm run sim                        runs all simulations
  npm run sim -- <seed>              replays the simulation with this seed, such as chaos-7
  npm run sim -- --count <number>    runs this many schedules of a fleet of workers

Options of --count:

  --from <number>      number of the first schedule. Default: 0
  --edges              schedules of producers with wrong clocks and odd records
  --fuzz               records that are meant to stop the readers, or to cost more than their size
  --statements         queries that may harm timestream-local
  --server <main.ts>   with --statements: path of the main.ts of another timestream-local
  --busy               with --statements: for a busy machine; delays below ten seconds do not count
`;

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
    help: { type: 'boolean', default: false },
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

if (values.help) {
  process.stdout.write(help);
} else if (values.count !== undefined) {
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
