import { mkdtemp, rm, stat } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { queryTimes } from './query-times.ts';
import { startServer } from './server-process.ts';
import { storeRows } from './stored-rows.ts';
import { writeRate } from './write-rate.ts';

/** Arbitrary; the server's clock is fixed at this time. */
const nowMs = Date.UTC(2026, 0, 15, 12);

/**
 * The performance of timestream-local on this machine: records stored durably from four clients,
 * statements over millions of rows, memory, and disk. `--rows 100000` for a quick run.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { rows: { type: 'string', default: '5000000' } },
  });
  const rowsCount = Number(values.rows);
  const directory = await mkdtemp(join(tmpdir(), 'timestream-local-bench-'));
  try {
    print(`${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}\n`);
    await writing(join(directory, 'written.duckdb'));
    await querying(join(directory, 'stored.duckdb'), rowsCount);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function writing(data: string): Promise<void> {
  await using server = await startServer(data, nowMs);
  print('| writing: 4 clients, batches of 100 records | |');
  print('| --- | ---: |');
  print(`| start of an empty server | ${server.startMs.toFixed(0)} ms |`);
  print(`| memory idle | ${server.residentMb().toFixed(0)} MB |`);
  const found = await writeRate(server, nowMs);
  print(`| records stored durably a second | ${inWords(found.recordsPerSecond)} |`);
  print(`| request, median | ${found.medianMs.toFixed(1)} ms |`);
  print(`| request, 99 % | ${found.p99Ms.toFixed(1)} ms |`);
  print(`| cores, server | ${found.serverCores.toFixed(2)} |`);
  print(`| cores, clients | ${found.clientCores.toFixed(2)} |`);
  print(`| memory after | ${server.residentMb().toFixed(0)} MB |\n`);
}

async function querying(data: string, rowsCount: number): Promise<void> {
  const loadMs = await storeRows({ data, nowMs, rowsCount });
  const rate = inWords((rowsCount / loadMs) * 1000);
  const megabytes = ((await stat(data)).size / 2 ** 20).toFixed(0);
  await using server = await startServer(data, nowMs);
  print(`| over ${inWords(rowsCount)} rows in a file of ${megabytes} MB | first | median | rows |`);
  print('| --- | ---: | ---: | ---: |');
  for (const { text, firstMs, medianMs, rowsCount: found } of await queryTimes(server)) {
    print(`| \`${text}\` | ${firstMs.toFixed(0)} ms | ${medianMs.toFixed(0)} ms | ${found} |`);
  }
  print('\n| | |\n| --- | ---: |');
  print(`| start of a server over these rows | ${server.startMs.toFixed(0)} ms |`);
  print(`| memory after these statements | ${server.residentMb().toFixed(0)} MB |`);
  print(`| rows a second, stored without the API | ${rate} |`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function inWords(count: number): string {
  return Math.round(count).toLocaleString('en');
}
