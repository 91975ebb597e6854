import { portHolder } from '@highwater/service';
import { removePostgres } from '@highwater/postgres-server';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCommand, type RunningCommand } from '../../apps/local/test/start-command.ts';
import { temporaryPostgres } from '../store-contract/temporary-postgres.ts';

let parent = '';
let directory = '';

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'highwater-store-'));
  directory = join(parent, 'data');
});
afterEach(async () => {
  await removePostgres(join(directory, 'postgres'));
  await rm(parent, { recursive: true });
});

function start(
  flags: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): RunningCommand {
  const common = ['--data-dir', directory, '--free-ports', '--feed', 'none'];
  return startCommand([...common, ...flags], settings);
}

async function stop(command: RunningCommand): Promise<void> {
  command.child.kill('SIGINT');
  expect(await command.exitCode()).toBe(0);
}

/** The address that `psql` is told to use. */
async function urlInFile(): Promise<string> {
  return (await readFile(join(directory, 'postgres-url'), 'utf8')).trim();
}

async function ask(url: string, statement: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: statement, rowMode: 'array' })).rows[0]?.[0];
  } finally {
    await client.end();
  }
}

/** What the page Query of the dashboard answers. */
async function query(dashboardUrl: string, statement: string): Promise<string> {
  const reply = await fetch(`${dashboardUrl}/api/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ statement, rowsMax: 10 }),
  });
  return reply.text();
}

const tablesCount = "select count(*)::int from pg_tables where schemaname = 'highwater_data'";
const isKept = "select to_regclass('kept') is not null";

describe('npm start on PostgreSQL', () => {
  it('keeps the data of its server over a restart, and removes it with --fresh', async () => {
    let port = 0;
    {
      using command = start(['--store', 'postgres']);
      await command.ready();
      const [, shown] = /^postgres +(postgres:\S+)/m.exec(command.output()) ?? [];
      const url = new URL(await urlInFile());
      port = Number(url.port);
      expect(shown).toBe(`postgres://${url.username}@${url.host}${url.pathname}`);
      expect(command.output()).not.toContain(url.password);
      expect(command.output()).not.toContain('timestream-local');
      expect(await ask(url.href, tablesCount)).toBeGreaterThan(3);
      const [dashboardUrl = ''] =
        /http:\/\/127\.0\.0\.1:\d+(?= )/.exec(
          /^dashboard .*$/m.exec(command.output())?.[0] ?? '',
        ) ?? [];
      expect(await query(dashboardUrl, 'SELECT count(*) FROM highwater_data.raw')).toContain('"0"');
      // As a superuser, the dashboard would show files of this machine.
      expect(await query(dashboardUrl, "SELECT pg_read_file('postmaster.pid')")).toContain(
        'permission denied',
      );
      await ask(url.href, 'create table kept ()');
      await stop(command);
    }
    expect(await portHolder(port)).toBeUndefined();
    {
      using command = start(['--store', 'postgres']);
      await command.ready();
      expect(await ask(await urlInFile(), isKept)).toBe(true);
      await stop(command);
    }
    const before = new URL(await urlInFile());
    {
      using command = start(['--store', 'postgres', '--fresh']);
      await command.ready();
      const after = new URL(await urlInFile());
      expect(after.password).not.toBe(before.password);
      expect(await ask(after.href, isKept)).toBe(false);
      await stop(command);
    }
    // Under root, the files of the server are outside the data directory, which a person removes.
    await rm(directory, { recursive: true });
    {
      using command = start(['--store', 'postgres']);
      await command.ready();
      expect(await ask(await urlInFile(), isKept)).toBe(false);
      await stop(command);
    }
  });

  it('reports it when the server ends, with its last log lines, and ends with 1', async () => {
    using command = start(['--store', 'postgres']);
    await command.ready();
    const pid = await ask(await urlInFile(), "select pg_read_file('postmaster.pid', 0, 20)");
    process.kill(Number.parseInt(String(pid), 10), 'SIGKILL');
    expect(await command.exitCode()).toBe(1);
    expect(command.output()).toContain(
      'postgres has ended unexpectedly. Stopping the other services.',
    );
    expect(command.output()).toMatch(
      /running postgres: it ended with SIGKILL; the last \d+ lines of \S*postgres\.log:/,
    );
    expect(command.output()).toContain('database system is ready to accept connections');
  });

  it('writes to the server of a URL, shows it, and leaves it running', async () => {
    await using own = await temporaryPostgres();
    const url = new URL(own.server.url);
    const { password } = url;
    url.password = '';
    using command = start(['--store', url.href], { HW_STORE_PASSWORD: password });
    await command.ready();
    const [, shown] = /^store +(postgres:\S+)$/m.exec(command.output()) ?? [];
    expect(shown).toBe(url.href);
    expect(command.output()).not.toContain(password);
    expect(await ask(own.server.url, tablesCount)).toBeGreaterThan(3);
    await stop(command);
    expect(await ask(own.server.url, tablesCount)).toBeGreaterThan(3);
  });
});
