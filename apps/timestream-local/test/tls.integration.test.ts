import {
  DescribeEndpointsCommand,
  QueryCommand,
  TimestreamQueryClient,
} from '@aws-sdk/client-timestream-query';
import { ListDatabasesCommand } from '@aws-sdk/client-timestream-write';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { readFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startTimestreamLocal } from '../src/index.ts';
import { makeClients } from './clients.ts';

const require = createRequire(import.meta.url);

/** A certificate that another package uses in its own tests. */
function readPem(name: string): Promise<string> {
  return readFile(require.resolve(`kinesalite/ssl/${name}.pem`), 'utf8');
}

async function startSecure() {
  const tls = { cert: await readPem('server-crt'), key: await readPem('server-key') };
  return startTimestreamLocal({ tls });
}

/** The certificate has another name and has expired. */
const trusting = () =>
  new NodeHttpHandler({ httpsAgent: new Agent({ rejectUnauthorized: false }) });

const common = {
  region: 'us-east-1',
  maxAttempts: 1,
  credentials: { accessKeyId: 'anyone', secretAccessKey: 'anything' },
};

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the API over TLS', () => {
  it('is available next to plain HTTP, on the same port', async () => {
    await using server = await startSecure();
    expect(server.endpoint).toMatch(/^https:/);
    const { endpoint } = server;
    const query = new TimestreamQueryClient({ ...common, endpoint, requestHandler: trusting() });
    const { Rows } = await query.send(new QueryCommand({ QueryString: 'SELECT 1' }));
    expect(Rows).toEqual([{ Data: [{ ScalarValue: '1' }] }]);
    using plain = makeClients(endpoint.replace('https', 'http'));
    expect(await plain.write.send(new ListDatabasesCommand())).toMatchObject({ Databases: [] });
    query.destroy();
  });

  it('is discovered', async () => {
    await using server = await startSecure();
    vi.stubEnv('AWS_ENDPOINT_URL', server.endpoint);
    const query = new TimestreamQueryClient({ ...common, requestHandler: trusting() });
    const { Endpoints } = await query.send(new DescribeEndpointsCommand({}));
    expect(Endpoints).toMatchObject([{ Address: '127.0.0.1' }]);
    const { Rows } = await query.send(new QueryCommand({ QueryString: 'SELECT 1' }));
    expect(Rows).toEqual([{ Data: [{ ScalarValue: '1' }] }]);
    query.destroy();
  });

  it('ends with connections that are idle or silent', async () => {
    const server = await startSecure();
    const silent = connect(server.port, '127.0.0.1');
    await once(silent, 'connect');
    const { endpoint } = server;
    const query = new TimestreamQueryClient({ ...common, endpoint, requestHandler: trusting() });
    await query.send(new QueryCommand({ QueryString: 'SELECT 1' }));
    const ended = once(silent, 'close');
    silent.on('error', () => undefined);
    await server[Symbol.asyncDispose]();
    await ended;
    expect(silent.destroyed).toBe(true);
    query.destroy();
  });
});
