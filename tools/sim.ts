import { spawnSync } from 'node:child_process';

// `npm run sim` runs every simulation; `npm run sim -- <seed>` replays one seed of the chaos.
const [seed] = process.argv.slice(2);
const args = seed === undefined ? [] : ['test/simulation', '-t', 'chaos'];
const { status } = spawnSync('vitest', ['run', '--project', 'sim', ...args], {
  stdio: 'inherit',
  env: { ...process.env, ...(seed === undefined ? {} : { HW_SIM_SEED: seed }) },
});
process.exitCode = status ?? 1;
