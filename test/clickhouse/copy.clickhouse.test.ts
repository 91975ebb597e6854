import type { RowReader } from '@highwater/model';
import type { PostgresServer } from '@highwater/postgres-server';
import { loadConfig, systemClock } from '@highwater/service';
import { openReader, readerConfig } from '@highwater/stores';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { copyCommand } from '../../apps/cli/src/copy/copy-command.ts';
import { runCommand } from '../../apps/cli/test/run-command.ts';
import { copyOneRange, filledTexts, readTexts } from '../cli/copy-runs.ts';
import { fillStoreForReading, type FilledStore } from '../store-contract/filled-store.ts';
import { openTable as openPostgresTable } from '../store-contract/postgres-fixture.ts';
import { temporaryPostgres } from '../store-contract/temporary-postgres.ts';
import { password } from './clickhouse-fixture.ts';
import { temporaryEngine, type TemporaryEngine } from './temporary-engine.ts';

// Goal: after a copy, a reader of the target sees what a reader of the source sees, with the same
// versions. Method: the command between PostgreSQL and ClickHouse, with rows of every kind.

const stack = new AsyncDisposableStack();
let directory: string;
let postgres: PostgresServer;
let engine: TemporaryEngine;
let filled: FilledStore;

beforeAll(async () => {
  directory = stack.use(await mkdtempDisposable(join(tmpdir(), 'highwater-copy-'))).path;
  ({ server: postgres } = stack.use(await temporaryPostgres()));
  engine = stack.use(await temporaryEngine());
  filled = await fillStoreForReading({
    open: (table) => openPostgresTable(postgres, table, { address: { schema: 'source' } }),
    seed: 'copy to ClickHouse',
  });
});
afterAll(() => stack.disposeAsync());

function postgresUrl(schema: string): string {
  const url = new URL(postgres.url);
  url.password = '';
  url.searchParams.set('schema', schema);
  return url.href;
}

function clickhouseUrl(database: string): string {
  return `clickhouse://default@127.0.0.1:${engine.port}/${database}`;
}

function passwordFor(url: string): string {
  return url.startsWith('clickhouse:') ? password : new URL(postgres.url).password;
}

function settingsOf(from: string, to: string): Readonly<Record<string, string>> {
  return {
    HW_COPY_FROM_PASSWORD: passwordFor(from),
    HW_COPY_TO_PASSWORD: passwordFor(to),
    HW_STATE_DIR: directory,
  };
}

/** Runs the command in this process. */
async function copy(from: string, to: string, ...words: readonly string[]) {
  for (const [name, value] of Object.entries(settingsOf(from, to))) vi.stubEnv(name, value);
  try {
    const command = copyCommand({ write: () => undefined });
    return await runCommand(command, '--from', from, '--to', to, ...words);
  } finally {
    vi.unstubAllEnvs();
  }
}

async function textsOf(url: string) {
  const settings = { HW_STORE: url, HW_STORE_PASSWORD: passwordFor(url) };
  const limits = { requestsInFlightMax: 2, requestTimeoutMs: 60_000, clock: systemClock };
  await using reader: RowReader = await openReader(loadConfig(readerConfig, settings), limits);
  return await readTexts(reader, true);
}

const allAgree = { exitCode: 0, out: expect.stringMatching(/(\d+) of \1 ranges agree/) };

describe('highwater copy between PostgreSQL and ClickHouse', () => {
  it('copies every row and version there and back, and a second run changes nothing', async () => {
    const [from, there, back] = [
      postgresUrl('source'),
      clickhouseUrl('whole'),
      postgresUrl('returned'),
    ];
    const copied = await copy(from, there, '--chunk', '10m');
    expect(copied).toMatchObject(allAgree);
    expect(await textsOf(there)).toEqual(filledTexts(filled, true));
    // Without its state, it writes every row once more.
    const anew = await copy(from, there, '--chunk', '10m', '--state', join(directory, 'anew'));
    expect(anew).toMatchObject({ exitCode: 0, out: copied.out });
    expect(await textsOf(there)).toEqual(filledTexts(filled, true));
    expect(await copy(there, back)).toMatchObject(allAgree);
    expect(await textsOf(back)).toEqual(filledTexts(filled, true));
  });

  it('copies the same rows when the command is killed after each range', async () => {
    const [from, there] = [postgresUrl('source'), clickhouseUrl('killed')];
    const state = join(directory, 'killed.jsonl');
    const words = ['--from', from, '--to', there, '--chunk', '15m'];
    let killsCount = 0;
    while (!(await copyOneRange(words, state, settingsOf(from, there)))) killsCount += 1;
    expect(killsCount).toBeGreaterThan(3);
    const last = await copy(from, there, '--chunk', '15m', '--state', state);
    expect(last).toMatchObject(allAgree);
    expect(await textsOf(there)).toEqual(filledTexts(filled, true));
  });
});
