import { startPostgres } from '@highwater/postgres-server';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtempDisposable, stat } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { expect, it } from 'vitest';

async function newDirectory() {
  const directory = await mkdtempDisposable(join(tmpdir(), 'highwater-postgres-'));
  // Under root the server is another user, who has to get in.
  await chmod(directory.path, 0o711);
  return directory;
}

async function ask(url: string, question: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    const { rows } = await client.query({ text: question, rowMode: 'array' });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

it('starts a server for this machine and whoever has the password', async () => {
  await using directory = await newDirectory();
  await using server = await startPostgres({ directory: directory.path });
  expect(await ask(server.url, 'show listen_addresses')).toBe('127.0.0.1');
  expect(await ask(server.url, 'show unix_socket_directories')).toBe('');
  expect(await ask(server.url, 'show fsync')).toBe('on');
  const wrong = new URL(server.url);
  wrong.password = 'wrong';
  await expect(ask(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  const { mode } = await stat(join(directory.path, 'cluster/password'));
  expect(mode & 0o777).toBe(0o600);
});

it('has a user who reads what Highwater has made, and nothing of the machine', async () => {
  await using directory = await newDirectory();
  const options = { directory: directory.path };
  const isReadable = (url: string) => ask(url, 'select one from highwater_data.some');
  const first = await startPostgres(options);
  await ask(first.url, 'create schema highwater_data');
  await ask(first.url, 'create table highwater_data.some as select 1 as one');
  expect(await isReadable(first.readerUrl)).toBe(1);
  for (const statement of [
    "select pg_read_file('postmaster.pid')",
    "select pg_ls_dir('.')",
    'delete from highwater_data.some',
    'create schema mine',
  ]) {
    await expect(ask(first.readerUrl, statement)).rejects.toMatchObject({ code: '42501' });
  }
  // Of an earlier release, or restored.
  await ask(first.url, 'revoke all on highwater_data.some from highwater_dashboard');
  await first[Symbol.asyncDispose]();
  await using second = await startPostgres(options);
  expect(new URL(second.readerUrl).password).not.toBe(new URL(first.readerUrl).password);
  expect(await isReadable(second.readerUrl)).toBe(1);
});

it('starts it again with what was in it, after a stop and after a crash', async () => {
  await using directory = await newDirectory();
  const options = { directory: directory.path };
  const first = await startPostgres(options);
  await ask(first.url, 'create table kept as select 1 as one');
  await first[Symbol.asyncDispose]();
  expect(isAlive(first.pid)).toBe(false);
  const second = await startPostgres({ ...options, port: first.port });
  expect(second.url).toBe(first.url);
  expect(await ask(second.url, 'select one from kept')).toBe(1);
  process.kill(second.pid, 'SIGKILL');
  await using third = await startPostgres(options);
  expect(await ask(third.url, 'select one from kept')).toBe(1);
  await second[Symbol.asyncDispose]();
  expect(await ask(third.url, 'select one from kept')).toBe(1);
});

it('starts several at once', async () => {
  await using stack = new AsyncDisposableStack();
  const servers = await Promise.all(
    [1, 2].map(async () => {
      const { path } = stack.use(await newDirectory());
      return stack.use(await startPostgres({ directory: path }));
    }),
  );
  expect(new Set(servers.map(({ port }) => port)).size).toBe(2);
});

it('stops the server when the process that started it is killed', async () => {
  await using directory = await newDirectory();
  const keeper = spawn(
    process.execPath,
    [join(import.meta.dirname, 'keep-server.ts'), directory.path],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = (await once(keeper.stdout, 'data')) as [Buffer];
  const pid = Number(line);
  expect(isAlive(pid)).toBe(true);
  keeper.kill('SIGKILL');
  await expect.poll(() => isAlive(pid)).toBe(false);
  // It was not a crash.
  await using server = await startPostgres({ directory: directory.path });
  expect(await ask(server.url, 'select 1')).toBe(1);
});

it('says which port it cannot have', async () => {
  await using directory = await newDirectory();
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  await expect(startPostgres({ directory: directory.path, port })).rejects.toMatchObject({
    code: 'HW_POSTGRES_SERVER',
    message: expect.stringMatching(new RegExp(`port ${port}.*Address already in use`, 's')),
  });
  other.close();
});
