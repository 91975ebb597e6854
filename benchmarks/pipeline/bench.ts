import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startLocalStack, type LocalStack } from '../../apps/local/src/index.ts';

const warmUpMs = 10_000;
const measuredMs = 30_000;

/** What a service counts as done. */
const counters: Readonly<Record<string, string>> = {
  generator: 'generator_points_sent_total',
  'raw-writer': 'raw_writer_points_total',
  aggregator: 'aggregator_points_total',
  'upsert-writer': 'upsert_writer_rows_total',
};

/** One look at all services. */
interface Look {
  readonly atMs: number;
  readonly byService: ReadonlyMap<string, { done: number; cpuSeconds: number; bytes: number }>;
}

/**
 * The whole local pipeline under a generator without a limit: points a second at each stage, and the
 * process that is busiest. All share the machine, so the busiest process is the bottleneck only when
 * the processor time of all together stays below the number of cores.
 */
export async function run(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'highwater-bench-'));
  const reader = { HW_KINESIS_READ_INTERVAL_MS: '20', HW_KINESIS_BATCH_RECORDS_MAX: '2000' };
  await using stack = await startLocalStack({
    dataDirectory: join(directory, 'data'),
    settings: {
      generator: { HW_GENERATOR_PERCENT_LATE: '5', HW_GENERATOR_LATE_TIME_SECONDS: '15' },
      'raw-writer': reader,
      aggregator: reader,
      'upsert-writer': reader,
    },
  });
  await sleep(warmUpMs);
  const before = await look(stack);
  await sleep(measuredMs);
  const after = await look(stack);
  print(before, after);
  await rm(directory, { recursive: true, force: true });
}

async function look(stack: LocalStack): Promise<Look> {
  const entries = stack.services.map(async ({ name, opsUrl }) => {
    const text = await (await fetch(`${opsUrl}/metrics`)).text();
    const done = counters[name] === undefined ? 0 : total(text, counters[name]);
    const cpuSeconds = total(text, 'process_cpu_seconds_total');
    const bytes = total(text, 'process_resident_memory_bytes');
    return [name, { done, cpuSeconds, bytes }] as const;
  });
  return { atMs: performance.now(), byService: new Map(await Promise.all(entries)) };
}

/** The sum of a metric's samples over all labels. */
function total(text: string, name: string): number {
  let sum = 0;
  for (const line of text.split('\n')) {
    if (line.startsWith(`${name} `) || line.startsWith(`${name}{`))
      sum += Number(line.split(' ').at(-1));
  }
  return sum;
}

function print(before: Look, after: Look): void {
  const seconds = (after.atMs - before.atMs) / 1_000;
  const rows = [...after.byService].map(([name, { done, cpuSeconds, bytes }]) => {
    const earlier = before.byService.get(name) ?? { done: 0, cpuSeconds: 0 };
    return {
      name,
      perSecond: (done - earlier.done) / seconds,
      cores: (cpuSeconds - earlier.cpuSeconds) / seconds,
      megabytes: bytes / 1e6,
    };
  });
  const out = (text: string) => process.stdout.write(`${text}\n`);
  out('| process | per second | what | cores | resident |');
  out('|---|---|---|---|---|');
  for (const { name, perSecond, cores, megabytes } of rows) {
    const what = counters[name] ?? '';
    const rate = what === '' ? '' : Math.round(perSecond).toLocaleString('en');
    out(`| ${name} | ${rate} | ${what} | ${cores.toFixed(2)} | ${Math.round(megabytes)} MB |`);
  }
  const busiest = rows.toSorted((a, b) => b.cores - a.cores)[0];
  const cores = rows.reduce((sum, row) => sum + row.cores, 0);
  out(
    `\nBusiest: ${busiest?.name ?? ''}. All together ${cores.toFixed(2)} cores over ${seconds.toFixed(0)} s.`,
  );
}
