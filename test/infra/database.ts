import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Client } from 'pg';
import { temporaryPostgres } from '../store-contract/temporary-postgres.ts';

/** A PostgreSQL server as docs/aws.md sets one up, and Secrets Manager with its passwords. */
export interface Database extends AsyncDisposable {
  readonly secretsUrl: string;
  /** The settings of the services that write, and of the dashboard. */
  readonly writerSettings: Readonly<Record<string, string>>;
  readonly readerSettings: Readonly<Record<string, string>>;
}

/** By the name of their secrets. */
const passwords: Readonly<Record<string, string>> = {
  'highwater/writer': "a writer's",
  'highwater/reader': "a reader's",
};

/** In place of `highwater`, which is the superuser of the test's server. */
const writer = 'highwater_writer';

/** Starts both, and lets an administrator who is no superuser, as on RDS, run `infra/aws/roles.sql`. */
export async function startDatabase(): Promise<Database> {
  await using stack = new AsyncDisposableStack();
  const { server } = stack.use(await temporaryPostgres());
  const { hostname, port } = new URL(server.url);
  const superuser = new Client({ connectionString: server.url });
  await superuser.connect();
  await superuser.query("create role administrator login createrole createdb password 'a'");
  await superuser.query('create database metrics owner administrator');
  await superuser.end();
  const administrator = new Client({
    connectionString: `postgres://administrator:a@${hostname}:${port}/metrics`,
  });
  await administrator.connect();
  await administrator.query(rolesSql());
  await administrator.end();

  const secrets = createServer((request, response) => {
    void text(request).then((body) => {
      const { SecretId = '' } = JSON.parse(body) as { SecretId?: string };
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ SecretString: passwords[SecretId] }));
    });
  }).listen(0, '127.0.0.1');
  stack.defer(() => void secrets.close());
  await once(secrets, 'listening');
  const settings = (user: string, secret: string) => ({
    HW_STORE: `postgres://${user}@${hostname}:${port}/metrics`,
    HW_STORE_PASSWORD_SECRET: secret,
  });
  const owned = stack.move();
  return {
    secretsUrl: `http://127.0.0.1:${(secrets.address() as AddressInfo).port}`,
    writerSettings: settings(writer, 'highwater/writer'),
    readerSettings: settings('highwater_reader', 'highwater/reader'),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The file, as `psql` would send it. */
function rolesSql(): string {
  const file = new URL('../../infra/aws/roles.sql', import.meta.url);
  const quoted = (secret: string) => `'${passwords[secret]?.replaceAll("'", "''")}'`;
  return readFileSync(file, 'utf8')
    .replaceAll(/^\\getenv .*$/gm, '')
    .replaceAll(/\bhighwater\b/g, writer)
    .replace(":'writer_password'", quoted('highwater/writer'))
    .replace(":'reader_password'", quoted('highwater/reader'));
}
