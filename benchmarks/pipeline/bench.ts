import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startLocalStack } from '../../apps/local/src/index.ts';
import { counters, look, type Look } from './look.ts';
import { atFullSpeed } from './settings.ts';

const warmUpMs = 10_000;
const measuredMs = 30_000;

/**
 * The whole local pipeline under a generator without a limit: points a second at each stage, and the
 * process that is busiest. All share the machine, so the busiest process is the bottleneck only when
 * the processor time of all together stays below the number of cores.
 *
 * `--store postgres` for another store than timestream-local.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { store: { type: 'string', default: 'timestream' } },
  });
  const directory = await mkdtemp(join(tmpdir(), 'highwater-bench-'));
  await using stack = await startLocalStack({
    dataDirectory: join(directory, 'data'),
    settings: atFullSpeed({}),
    store: { store: values.store, password: {} },
  });
  await sleep(warmUpMs);
  const before = await look(stack);
  await sleep(measuredMs);
  const after = await look(stack);
  print(before, after);
  await rm(directory, { recursive: true, force: true });
}

function print(before: Look, after: Look): void {
  const seconds = (after.atMs - before.atMs) / 1_000;
  const rows = [...after.byService].map(([name, { doneCount, cpuSeconds, residentBytes }]) => {
    const earlier = before.byService.get(name) ?? { doneCount: 0, cpuSeconds: 0 };
    return {
      name,
      perSecond: (doneCount - earlier.doneCount) / seconds,
      cores: (cpuSeconds - earlier.cpuSeconds) / seconds,
      megabytes: residentBytes / 1e6,
    };
  });
  const out = (text: string) => process.stdout.write(`${text}\n`);
  out('| process | per second | per CPU second | what | cores | resident |');
  out('|---|---|---|---|---|---|');
  for (const { name, perSecond, cores, megabytes } of rows) {
    const what = counters[name] ?? '';
    const rate = what === '' ? '' : Math.round(perSecond).toLocaleString('en');
    const ofCore = what === '' ? '' : Math.round(perSecond / cores).toLocaleString('en');
    out(
      `| ${name} | ${rate} | ${ofCore} | ${what} | ${cores.toFixed(2)} | ${Math.round(megabytes)} MB |`,
    );
  }
  const busiest = rows.toSorted((a, b) => b.cores - a.cores)[0];
  const cores = rows.reduce((sum, row) => sum + row.cores, 0);
  out(
    `\nBusiest: ${busiest?.name ?? ''}. All together ${cores.toFixed(2)} cores over ${seconds.toFixed(0)} s.`,
  );
}
