import { loadConfig, systemClock } from '@highwater/service';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { doctorCommand } from '../../apps/cli/src/doctor/doctor-command.ts';
import { storeChecks } from '../../apps/cli/src/doctor/check-store.ts';
import { doctorConfig } from '../../apps/cli/src/doctor/doctor-config.ts';
import { runCommand } from '../../apps/cli/test/run-command.ts';
import { openTable } from '../store-contract/postgres-fixture.ts';
import { temporaryPostgres, type TemporaryPostgres } from '../store-contract/temporary-postgres.ts';

// Goal: the doctor finds nothing wrong where the services can work, and names what is wrong where they
// cannot, without changing anything. Method: a real server with a database for each case.

const tables = ['raw', 'views', 'corrections'] as const;
let postgres: TemporaryPostgres;
let databases = 0;

beforeAll(async () => {
  postgres = await temporaryPostgres();
});
afterAll(() => postgres[Symbol.asyncDispose]());
afterEach(() => {
  vi.unstubAllEnvs();
});

async function ask(url: string, ...statements: readonly string[]): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    let rows: readonly unknown[] = [];
    for (const text of statements) ({ rows } = await client.query({ text, rowMode: 'array' }));
    return rows.flat();
  } finally {
    await client.end();
  }
}

/** The address of a new database, whose tables were made or not. */
async function database(isMade: boolean): Promise<string> {
  databases += 1;
  await ask(postgres.server.url, `create database d${databases}`);
  const url = new URL(postgres.server.url);
  url.pathname = `/d${databases}`;
  if (isMade) {
    for (const table of tables)
      await (await openTable({ url: url.href }, table))[Symbol.asyncDispose]();
  }
  return url.href;
}

function settingsOf(href: string): Readonly<Record<string, string>> {
  const url = new URL(href);
  const { password } = url;
  url.password = '';
  return { HW_STORE: url.href, HW_STORE_PASSWORD: password };
}

/** Verdict, subject, and state with the fix, of every check of the store. */
async function findingsOf(settings: Readonly<Record<string, string>>) {
  const checks = storeChecks(
    loadConfig(doctorConfig, settings),
    { written: tables, queried: tables },
    systemClock,
  );
  const { signal } = new AbortController();
  const findings = await Promise.all(checks.map(({ run }) => run(signal)));
  return findings
    .flat()
    .map(({ verdict, what, found, fix = '' }) => ({ verdict, what, text: `${found}; ${fix}` }));
}

const everything = ['table raw', 'table views', 'table corrections', 'queries'];

function expectAll(
  findings: Awaited<ReturnType<typeof findingsOf>>,
  verdict: string,
  text: string | RegExp,
): void {
  expect(findings).toEqual(
    everything.map((what) => ({
      verdict,
      what,
      text: typeof text === 'string' ? expect.stringContaining(text) : expect.stringMatching(text),
    })),
  );
}

describe('highwater doctor on PostgreSQL', () => {
  it('finds no problem where the services can work, and drops nothing that is old', async () => {
    const url = await database(true);
    const day = 'highwater_data.raw_20200101';
    await ask(
      url,
      `create table ${day} partition of highwater_data.raw for values from ('2020-01-01') to ('2020-01-02')`,
    );
    expectAll(await findingsOf(settingsOf(url)), 'ok', '');
    expect(await ask(url, `select to_regclass('${day}') is not null`)).toEqual([true]);
  });

  it('says that the services will make what is missing, or that they may not', async () => {
    const settings = settingsOf(await database(false));
    const [raw, , , queries] = await findingsOf(settings);
    expect(raw).toMatchObject({ verdict: 'warn', what: 'table raw' });
    expect(raw?.text).toContain('the service creates it when it starts');
    expect(queries?.verdict).toBe('ok');
    const [strict] = await findingsOf({ ...settings, HW_STORE_CREATE: 'false' });
    expect(strict?.verdict).toBe('fail');
    expect(strict?.text).toContain('HW_STORE_CREATE is false');
  });

  it('names a wrong password', async () => {
    const settings = { ...settingsOf(await database(true)), HW_STORE_PASSWORD: 'wrong' };
    expectAll(await findingsOf(settings), 'fail', /28P01.*password/);
  });

  it('names a server that is away', async () => {
    const away = 'postgres://highwater@127.0.0.1:1/highwater';
    expectAll(await findingsOf({ HW_STORE: away }), 'fail', 'ECONNREFUSED');
  });

  it('names a missing right, and the statement that gives it', async () => {
    const url = await database(false);
    const role = `role_${databases}`;
    await ask(url, `create role ${role} login password 'secret'`);
    const other = new URL(url);
    other.username = role;
    other.password = 'secret';
    const [mayNotCreate] = await findingsOf(settingsOf(other.href));
    expect(mayNotCreate?.verdict).toBe('fail');
    expect(mayNotCreate?.text).toContain(`GRANT CREATE ON DATABASE "d${databases}" TO "${role}"`);
    for (const table of tables) await (await openTable({ url }, table))[Symbol.asyncDispose]();
    const findings = await findingsOf(settingsOf(other.href));
    for (const { verdict, what, text } of findings) {
      expect(verdict).toBe('fail');
      const isReading = what === 'queries';
      expect(text).toContain(isReading ? 'permission denied for schema' : 'GRANT USAGE ON SCHEMA');
    }
  });
});

describe('highwater doctor --store', () => {
  it('checks the store of the stack by its name or its URL', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'highwater-doctor-'));
    const url = await database(true);
    vi.stubEnv('HW_DATA_DIR', directory);
    try {
      const missing = await runCommand(doctorCommand(), 'dashboard', '--store', 'postgres');
      expect(missing.exitCode).toBe(2);
      expect(missing.err).toContain('postgres-url has no address of a PostgreSQL server');
      await writeFile(join(directory, 'postgres-url'), `${url}\n`);
      const own = await runCommand(doctorCommand(), 'dashboard', '--store', 'postgres');
      expect(own.out).toMatch(/^ok +queries +PostgreSQL answered$/m);
      const { HW_STORE = '', HW_STORE_PASSWORD = '' } = settingsOf(url);
      vi.stubEnv('HW_STORE_PASSWORD', HW_STORE_PASSWORD);
      const byUrl = await runCommand(doctorCommand(), 'dashboard', '--store', HW_STORE);
      expect(byUrl.out).toMatch(/^ok +queries +PostgreSQL answered$/m);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
