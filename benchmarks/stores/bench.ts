import type { StoreTable } from '@highwater/model';
import { loadConfig, systemClock, systemRandom } from '@highwater/service';
import { defineStoreMetrics } from '@highwater/store-kit';
import { openReader, openStore, readerConfig, storeConfig } from '@highwater/stores';
import { silentLogger } from '@highwater/testkit';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { Registry } from 'prom-client';
import { engineKinds, type Engine } from './engines.ts';
import { timeQuestions } from './questions.ts';
import { filledWindow, fleetSeries, rowsPerWindow, windowMs } from './workload.ts';
import { callRowsCount, writeAll, writePasses, writersCount } from './write-passes.ts';

const writtenWindowsCount = 6;
/** A filled store is written in larger calls: nobody looks at their times. */
const fillRowsCount = 10_000;

/**
 * Each store against its engine, one after another: writing view rows of 26,000 series, and the
 * questions of the dashboard over rows of 78,000 series. `--rows 5000000` for as many as that, and
 * `--only PostgreSQL` for one engine.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: 'string', default: '300000' },
      only: { type: 'string' },
    },
  });
  const windowsCount = Math.ceil(Number(values.rows) / rowsPerWindow);
  const load = loadavg()[0]?.toFixed(1) ?? '';
  print(
    `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}, load ${load}`,
  );
  for (const { name, start } of engineKinds) {
    if (values.only !== undefined && values.only !== name) continue;
    const engine = await start();
    if ('reason' in engine) {
      print(`\n## ${name}\n\nSkipped: ${engine.reason}.`);
      continue;
    }
    await using _engine = engine;
    print(`\n## ${name}\n`);
    await writing(engine);
    await reading(engine, windowsCount);
  }
}

async function writing(engine: Engine): Promise<void> {
  await using store = await openTable(engine, 'written', 'views');
  print(
    `| ${writersCount} calls of ${inWords(callRowsCount(store))} rows at a time | rows/s | rows per CPU s, writer | engine | both | p50 | p99 |`,
  );
  print('| --- | ---: | ---: | ---: | ---: | ---: | ---: |');
  const given = { endMs: lastEndMs(), windowsCount: writtenWindowsCount };
  for await (const { name, rowsPerSecond, microsPerRow, p50Ms, p99Ms } of writePasses(
    store,
    given,
  )) {
    const { writer, engine: server } = microsPerRow;
    const rates = [rowsPerSecond, 1e6 / writer, 1e6 / server, 1e6 / (writer + server)].map(inWords);
    const times = [p50Ms, p99Ms].map((ms) => `${ms.toFixed(1)} ms`);
    print(`| ${[name, ...rates, ...times].join(' | ')} |`);
  }
}

async function reading(engine: Engine, windowsCount: number): Promise<void> {
  const endMs = lastEndMs();
  const all = { fromMs: endMs - windowsCount * windowMs, toMs: endMs };
  const startMs = performance.now();
  await fill(engine, all);
  const seconds = (performance.now() - startMs) / 1000;
  const reader = await openReader(loadConfig(readerConfig, engine.settings('filled')), {
    requestsInFlightMax: 4,
    requestTimeoutMs: 60_000,
    clock: systemClock,
  });
  await using _reader = reader;
  const rowsCount = windowsCount * rowsPerWindow;
  const bytes = (await engine.storedBytes('filled', reader)) / rowsCount;
  print(
    `\n${inWords(rowsCount)} rows of ${inWords(3 * fleetSeries.length)} series, written in ${seconds.toFixed(0)} s, ${bytes.toFixed(0)} bytes per row on disk.\n`,
  );
  print('| question | last hour | all rows | processor time, all rows | items |');
  print('| --- | ---: | ---: | ---: | ---: |');
  for await (const { name, hourMs, allMs, engineMs, itemsCount } of timeQuestions(reader, all)) {
    const times = [hourMs, allMs, engineMs].map((ms) => `${ms.toFixed(0)} ms`);
    print(`| ${[name, ...times, inWords(itemsCount)].join(' | ')} |`);
  }
}

async function fill(
  engine: Engine,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<void> {
  await using raw = await openTable(engine, 'filled', 'raw');
  await using views = await openTable(engine, 'filled', 'views');
  await using corrections = await openTable(engine, 'filled', 'corrections');
  for (let startMs = fromMs; startMs < toMs; startMs += windowMs) {
    const rows = filledWindow(startMs);
    await writeAll(raw, rows.raw, fillRowsCount);
    await writeAll(views, rows.views, fillRowsCount);
    await writeAll(corrections, rows.corrections, fillRowsCount);
  }
}

function openTable(engine: Engine, place: string, table: StoreTable) {
  return openStore(loadConfig(storeConfig, engine.settings(place)), table, {
    clock: systemClock,
    log: silentLogger,
    metrics: defineStoreMetrics(new Registry()),
    random: systemRandom,
    signal: new AbortController().signal,
  });
}

/** The end of the last window that is over. */
function lastEndMs(): number {
  return Math.floor(Date.now() / windowMs) * windowMs;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function inWords(count: number): string {
  return Math.round(count).toLocaleString('en');
}
