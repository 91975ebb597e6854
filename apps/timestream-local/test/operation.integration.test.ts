import { CreateDatabaseCommand, ListDatabasesCommand } from '@aws-sdk/client-timestream-write';
import { modesIn, underUmask } from '@highwater/testkit';
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startTimestreamLocal } from '../src/index.ts';
import { makeClients } from './clients.ts';
import { point, startFixture } from './fixture.ts';
import { runProgram, startProcess } from './server-process.ts';

/** A directory that is removed afterwards. */
async function temporaryDirectory() {
  const path = await mkdtemp(join(tmpdir(), 'timestream-local-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

describe('the program', () => {
  it('serves health and metrics on a separate port', async () => {
    await using server = await startProcess([]);
    using clients = makeClients(server.endpoint);
    await clients.write.send(new ListDatabasesCommand());
    expect((await fetch(`${server.opsUrl}/livez`)).status).toBe(200);
    expect((await fetch(`${server.opsUrl}/readyz`)).status).toBe(200);
    const metrics = await (await fetch(`${server.opsUrl}/metrics`)).text();
    expect(metrics).toMatch(
      /timestream_local_request_duration_seconds_count\{.*operation="ListDatabases".*\} 1/,
    );
    for (const engine of ['queries', 'functions']) {
      expect(metrics).toContain(`timestream_local_engine_rows_behind{engine="${engine}"} 0`);
      for (const reason of ['time', 'memory', 'crash']) {
        const labels = `{engine="${engine}",reason="${reason}"}`;
        expect(metrics).toContain(`timestream_local_engine_ends_total${labels} 0`);
      }
    }
  });

  it.each([0o022, 0])(
    'makes its files accessible only to its user, under the umask %o',
    async (umask) => {
      using _mask = underUmask(umask);
      await using directory = await temporaryDirectory();
      const data = join(directory.path, 'data', 'points.duckdb');
      await using server = await startProcess(['--data', data]);
      using clients = makeClients(server.endpoint);
      await clients.write.send(new CreateDatabaseCommand({ DatabaseName: 'dbx' }));
      expect(await modesIn(directory.path)).toEqual({
        data: '700',
        'data/points.duckdb': '600',
        'data/points.duckdb.commits': '600',
        'data/points.duckdb.wal': '600',
        'data/points.duckdb.queries': '600',
        'data/points.duckdb.queries.wal': '600',
      });
    },
  );

  it('makes an existing file accessible only to its user, too', async () => {
    await using directory = await temporaryDirectory();
    const data = join(directory.path, 'points.duckdb');
    await (await startTimestreamLocal({ data }))[Symbol.asyncDispose]();
    await chmod(data, 0o644);
    await using _server = await startProcess(['--data', data]);
    expect((await stat(data)).mode & 0o777).toBe(0o600);
  });

  it('leaves nothing in the temporary directory, however it ends', async () => {
    await using directory = await temporaryDirectory();
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const server = await startProcess([], { TMPDIR: directory.path });
      expect(await readdir(directory.path)).toEqual([expect.stringMatching(/^timestream-local-/)]);
      await server.kill(signal);
      await expect.poll(() => readdir(directory.path)).toEqual([]);
    }
  });

  it('names the process that has the port, and the fix', async () => {
    await using server = await startTimestreamLocal();
    const { code, output } = await runProgram(['--port', String(server.port)]);
    expect(code).toBe(2);
    expect(output).toContain(`port ${server.port} is taken by process ${process.pid}`);
    expect(output).toContain('set HW_TIMESTREAM_LOCAL_PORT to another port');
  });

  it('names the process that has the file', async () => {
    await using directory = await temporaryDirectory();
    const data = join(directory.path, 'points.duckdb');
    await using _server = await startTimestreamLocal({ data });
    const { code, output } = await runProgram(['--port', '0', '--data', data]);
    expect(code).toBe(2);
    expect(output).toContain(`opening ${data}: process ${process.pid} (`);
    expect(output).toContain('uses it; stop that process or choose another file');
  });

  it('rejects a file that is not a database, and does not change it', async () => {
    await using directory = await temporaryDirectory();
    const data = join(directory.path, 'notes.txt');
    await writeFile(data, 'not a database '.repeat(1000));
    const { code, output } = await runProgram(['--port', '0', '--data', data]);
    expect(code).toBe(2);
    expect(output).toContain(`opening ${data}: `);
  });

  it('names every wrong setting at once, and no secret', async () => {
    const { code, output } = await runProgram([
      '--port=99999',
      '--retention-clock=yesterday',
      '--access-key=:secret',
    ]);
    expect(code).toBe(2);
    for (const name of ['PORT', 'CLOCK', 'ACCESS_KEY']) {
      expect(output).toContain(`HW_TIMESTREAM_LOCAL_${name} is `);
    }
    expect(output).not.toContain(':secret"');
  });

  it('does not log its access key', async () => {
    await using server = await startProcess(['--access-key', 'anyone:hush-hush']);
    expect(JSON.stringify(server.log)).not.toContain('hush');
  });
});

describe('an access key', () => {
  const list = new ListDatabasesCommand();

  it('accepts requests signed with its secret', async () => {
    await using server = await startProcess(['--access-key', 'anyone:anything']);
    using clients = makeClients(server.endpoint);
    expect(await clients.write.send(list)).toMatchObject({ Databases: [] });
  });

  it.each([
    ['another:anything', 'UnrecognizedClientException'],
    ['anyone:something', 'InvalidSignatureException'],
  ])('rejects others when it is %s', async (accessKey, name) => {
    await using server = await startTimestreamLocal({ accessKey });
    using clients = makeClients(server.endpoint);
    await expect(clients.write.send(list)).rejects.toMatchObject({
      name,
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('can be an id alone, for any secret', async () => {
    await using server = await startTimestreamLocal({ accessKey: 'anyone' });
    using clients = makeClients(server.endpoint);
    expect(await clients.write.send(list)).toMatchObject({ Databases: [] });
  });

  it('rejects a request without a signature, and one that was changed in transit', async () => {
    await using server = await startTimestreamLocal({ accessKey: 'anyone:anything' });
    expect((await post(server.endpoint, 'ListDatabases', '{}')).body).toMatchObject({
      __type: 'com.amazon.coral.service#MissingAuthenticationTokenException',
    });
    using clients = makeClients(server.endpoint);
    clients.write.middlewareStack.add(
      (next) => (args) => {
        (args.request as { body: string }).body = '[]';
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    await expect(clients.write.send(list)).rejects.toMatchObject({
      name: 'InvalidSignatureException',
    });
  });
});

describe('a request', () => {
  it('is limited in size, and a larger one gets an error that says so', async () => {
    await using server = await startTimestreamLocal({ bodyBytesMax: 10_000 });
    const body = `{"DatabaseName":"${'x'.repeat(20_000)}"}`;
    const { status, body: answer } = await post(server.endpoint, 'DescribeDatabase', body);
    expect(status).toBe(413);
    expect(answer).toMatchObject({
      __type: 'com.amazon.coral.service#RequestEntityTooLargeException',
      message: `Request body of ${body.length} bytes exceeds the limit of 10000 bytes.`,
    });
  });

  it.each([
    ['not JSON', 'ListDatabases', '{', 'com.amazon.coral.service#SerializationException'],
    ['not an object', 'ListDatabases', '[]', 'com.amazon.coral.service#SerializationException'],
    ['no operation', 'Nothing', '{}', 'com.amazon.coral.service#UnknownOperationException'],
  ])('that is %s gets an answer that SDKs can read', async (_, operation, body, type) => {
    await using server = await startTimestreamLocal();
    expect((await post(server.endpoint, operation, body)).body).toMatchObject({ __type: type });
  });
});

describe('the library', () => {
  it('releases its port and file when it is disposed', async () => {
    await using directory = await temporaryDirectory();
    const data = join(directory.path, 'new', 'points.duckdb');
    let port: number;
    {
      await using first = await startFixture({ data });
      port = Number(new URL(first.endpoint).port);
      await first.write([point('1')]);
    }
    await using listener = createServer().listen(port, '127.0.0.1');
    await once(listener, 'listening');
    await using again = await startTimestreamLocal({ data });
    using clients = makeClients(again.endpoint);
    const { Databases } = await clients.write.send(new ListDatabasesCommand());
    expect(Databases?.map(({ DatabaseName, TableCount }) => [DatabaseName, TableCount])).toEqual([
      ['dbx', 1],
    ]);
  });

  it('separates the data of two servers in memory', async () => {
    await using one = await startFixture();
    await using other = await startFixture();
    await one.write([point('1')]);
    expect(await one.query('SELECT count(*) FROM "dbx"."tab"')).toEqual([['1']]);
    expect(await other.query('SELECT count(*) FROM "dbx"."tab"')).toEqual([['0']]);
  });
});

async function post(endpoint: string, operation: string, body: string) {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { 'X-Amz-Target': `Timestream_20181101.${operation}` },
    body,
  });
  return { status: answer.status, body: (await answer.json()) as object };
}
