import type { PostgresAddress } from '@highwater/postgres';
import { startPostgres, type PostgresServer } from '@highwater/postgres-server';
import { chown, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localhostCertFile, localhostTls } from '../tls/localhost.ts';
import { openTable } from './postgres-fixture.ts';
import { temporaryPostgres } from './temporary-postgres.ts';

const stack = new AsyncDisposableStack();
let server: PostgresServer;

beforeAll(async () => {
  const temporary = stack.use(await temporaryPostgres());
  ({ server } = temporary);
  const data = join(temporary.directory, 'cluster/data');
  const { uid, gid } = await stat(data);
  for (const [name, text] of Object.entries(localhostTls)) {
    await writeFile(join(data, `server.${name}`), text, { mode: 0o600 });
    await chown(join(data, `server.${name}`), uid, gid);
  }
  const client = new Client({ connectionString: server.url });
  await client.connect();
  await client.query("alter system set ssl_cert_file = 'server.cert'");
  await client.query("alter system set ssl_key_file = 'server.key'");
  await client.query('alter system set ssl = on');
  await client.end();
  await server[Symbol.asyncDispose]();
  server = stack.use(await startPostgres({ directory: temporary.directory }));
});
afterAll(() => stack.disposeAsync());

/** Whether a table can be opened, or why not. */
async function open(address: Partial<PostgresAddress>): Promise<string> {
  try {
    await using _store = await openTable(server, 'raw', { address, giveUpAfterMs: 1_000 });
    return 'open';
  } catch (error) {
    return String(error);
  }
}

describe('PostgresStore over TLS', () => {
  it.each([
    ['any certificate, if it is not to be checked', { tls: 'require' }],
    ['a certificate of a trusted authority', { tls: 'verify-full', caFile: localhostCertFile }],
  ] as const)('takes %s', async (_, address) => {
    expect(await open({ ...address, host: 'localhost' })).toBe('open');
  });

  it('refuses a certificate that nobody it trusts has signed', async () => {
    expect(await open({ tls: 'verify-full', host: 'localhost' })).toMatch(/SELF_SIGNED/);
  });
});
