import { portHolder, systemClock } from '@highwater/service';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main, startCommand } from './start-command.ts';

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'highwater-main-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

const run = (...flags: readonly string[]) => startCommand(['--data-dir', directory, ...flags]);

/** The health and metrics ports of all services, from the table. */
function opsPorts(table: string): readonly number[] {
  return [...table.matchAll(/127\.0\.0\.1:(\d+)\/metrics/g)].map(([, port]) => Number(port));
}

async function untilGone(port: number): Promise<void> {
  while ((await portHolder(port)) !== undefined) await systemClock.sleep(50);
}

describe('npm start', () => {
  it('shows what runs where, stops at SIGINT with 0, and leaves nothing running', async () => {
    using command = run('--free-ports', '--feed', 'none');
    await command.ready();
    for (const name of ['kinesis-local', 'timestream-local', 'raw-writer', 'aggregator']) {
      expect(command.output()).toMatch(new RegExp(`^${name} .*127\\.0\\.0\\.1:\\d+/metrics`, 'm'));
    }
    command.child.kill('SIGINT');
    expect(await command.exitCode()).toBe(0);
    expect(command.output()).toMatch(/Stopping aggregator[^]*Stopping raw-writer[^]*Stopped\./);
    expect(await Promise.all(opsPorts(command.output()).map(portHolder))).toEqual(
      opsPorts(command.output()).map(() => undefined),
    );
  });

  it('reports a crashed service with its last log lines, stops the others, and ends with 1', async () => {
    using command = run('--free-ports', '--feed', 'none');
    await command.ready();
    const [, port = ''] = /^aggregator .*:(\d+)\/metrics/m.exec(command.output()) ?? [];
    process.kill(Number.parseInt((await portHolder(Number(port))) ?? '', 10), 'SIGKILL');
    expect(await command.exitCode()).toBe(1);
    expect(command.output()).toContain(
      'aggregator has ended unexpectedly. Stopping the other services.',
    );
    expect(command.output()).toMatch(
      /running aggregator: it was stopped by SIGKILL; the last \d+ lines of \S*aggregator\.log:/,
    );
    expect(command.output()).toContain('info  Serving health and metrics.');
  });

  it('leaves no service behind when it is killed', async () => {
    using command = run('--free-ports', '--feed', 'none');
    await command.ready();
    const ports = opsPorts(command.output());
    expect(ports).toHaveLength(6);
    command.child.kill('SIGKILL');
    await Promise.all(ports.map(untilGone));
  });

  it.each([
    {
      what: 'a file in place of the data directory',
      flags: () => ['--data-dir', main],
      says: /main\.ts \(HW_DATA_DIR\): EEXIST.*--data-dir/,
    },
    {
      what: 'a data directory with files of somebody else',
      flags: () => ['--data-dir', fileURLToPath(new URL('.', import.meta.url)), '--fresh'],
      says: /it contains other files.*--data-dir/,
    },
    {
      what: 'views that are not there',
      flags: () => ['--views', join(directory, 'no.yaml')],
      says: /no\.yaml does not exist/,
    },
    {
      what: 'a store that it does not know',
      flags: () => ['--store', 'mysql://me@db.example/rows'],
      says: /HW_LOCAL_STORE is "mysql:.*": it is not timestream, postgres, or a URL/,
    },
    {
      what: 'the URL of a store with a password in it',
      flags: () => ['--store', 'postgres://me:secret@db.example/rows'],
      says: /HW_LOCAL_STORE is "postgres:\/\/me:\*+@.*": it contains a password, which belongs in a setting such as HW_STORE_PASSWORD/,
    },
  ])('rejects $what before anything starts, and ends with 2', async ({ flags, says }) => {
    using command = run(...flags());
    expect(await command.exitCode()).toBe(2);
    expect(command.output()).toMatch(says);
    expect(command.output()).not.toMatch(/Stopping|^ +at /m);
  });

  it('rejects a setting of a service that it does not pass on, and ends with 2', async () => {
    const child = spawn(process.execPath, [main, '--data-dir', directory], {
      env: { PATH: process.env['PATH'], HW_AGGREGATOR_SERIES_MAX: '1000' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let problem = '';
    child.stderr.on('data', (chunk: Buffer) => (problem += chunk.toString()));
    expect(await once(child, 'close')).toEqual([2, null]);
    expect(problem).toContain('HW_AGGREGATOR_SERIES_MAX is a setting of another program');
  });

  it('names a taken port, its setting, and the process that has it, and ends with 2', async () => {
    const holder = createServer();
    holder.listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    try {
      const child = spawn(process.execPath, [main, '--data-dir', directory], {
        env: { PATH: process.env['PATH'], HW_KINESIS_LOCAL_PORT: String(port) },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let problem = '';
      child.stderr.on('data', (chunk: Buffer) => (problem += chunk.toString()));
      const [code] = (await once(child, 'close')) as [number];
      expect(code).toBe(2);
      expect(problem).toContain(`port ${port} is taken by process ${process.pid}`);
      expect(problem).toContain('set HW_KINESIS_LOCAL_PORT to another port');
      expect(problem).toContain('--free-ports');
    } finally {
      holder.close();
    }
  });
});
