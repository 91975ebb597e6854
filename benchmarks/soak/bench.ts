import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startLocalStack, type LocalStack } from '../../apps/local/src/index.ts';
import { look, lookAt, type Look } from '../pipeline/look.ts';
import { atFullSpeed } from '../pipeline/settings.ts';

/** All points must have been read this long after the last one was sent. */
const drainMs = 60_000;
const minuteMs = 60_000;

/**
 * The whole local pipeline at a rate that it can keep: every minute what each process holds and how
 * far each reader is behind; in the end whether every point that was sent was read by both readers.
 *
 * `--rate` points a second, `--minutes` of it.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rate: { type: 'string', default: '8000' },
      minutes: { type: 'string', default: '30' },
    },
  });
  const directory = await mkdtemp(join(tmpdir(), 'highwater-soak-'));
  try {
    await using stack = await startLocalStack({
      dataDirectory: join(directory, 'data'),
      settings: atFullSpeed({ HW_GENERATOR_RATE: values.rate }),
    });
    let before = await look(stack);
    printHead(before);
    for (let minute = 1; minute <= Number(values.minutes); minute += 1) {
      await Promise.race([sleep(minuteMs), stack.crashed.then((crash) => Promise.reject(crash))]);
      const now = await look(stack);
      printMinute(minute, before, now);
      before = now;
    }
    await printDrained(stack, join(directory, 'data', 'logs', 'generator.log'));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Stops the generator, and checks whether all of its points were read once. */
async function printDrained(stack: LocalStack, generatorLog: string): Promise<void> {
  await stack.kill('generator', 'SIGTERM');
  const sentCount = sentIn(await readFile(generatorLog, 'utf8'));
  await sleep(drainMs);
  print(`\nSent: ${sentCount.toLocaleString('en')} points.`);
  for (const name of ['aggregator', 'raw-writer']) {
    const { doneCount } = await lookAt(name, stack.metricsUrl(name));
    print(`Read by the ${name}: ${doneCount.toLocaleString('en')}.`);
  }
}

function sentIn(log: string): number {
  const line = log.split('\n').find((text) => text.includes('Sending has ended.')) ?? '{}';
  return Number((JSON.parse(line) as { points?: number }).points);
}

function printHead({ byService }: Look): void {
  const names = [...byService.keys()];
  print(
    `| minute | sent/s | aggregated/s | written/s | view rows/s | behind, s | cores | ${names.join(' | ')} |`,
  );
  print(`|${'---|'.repeat(names.length + 7)}`);
}

function printMinute(minute: number, before: Look, now: Look): void {
  const seconds = (now.atMs - before.atMs) / 1_000;
  const services = [...now.byService];
  const rate = (name: string) => {
    const count = (seen: Look) => seen.byService.get(name)?.doneCount ?? 0;
    return Math.round((count(now) - count(before)) / seconds);
  };
  const behind = Math.max(...services.map(([, { behindSeconds }]) => behindSeconds));
  const cpuSeconds = (seen: Look) =>
    [...seen.byService.values()].reduce((sum, service) => sum + service.cpuSeconds, 0);
  const cells = [
    minute,
    ...['generator', 'aggregator', 'raw-writer', 'upsert-writer'].map(rate),
    behind.toFixed(1),
    ((cpuSeconds(now) - cpuSeconds(before)) / seconds).toFixed(2),
    ...services.map(([, { residentBytes }]) => `${Math.round(residentBytes / 1e6)} MB`),
  ];
  print(`| ${cells.join(' | ')} |`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
