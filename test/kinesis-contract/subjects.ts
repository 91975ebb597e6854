import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { startKinesisLocal } from '@highwater/kinesis-local';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Subject } from './law.ts';
import { until } from './stream-fixture.ts';

const require = createRequire(import.meta.url);

function clientOf(url: string): KinesisClient {
  return new KinesisClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({ connectionTimeout: 60_000 }),
  });
}

/** Our own server. */
export async function startOurs(): Promise<Subject> {
  const server = await startKinesisLocal({ port: 0, transitionMs: 20 });
  const client = clientOf(server.url);
  return {
    url: server.url,
    client,
    [Symbol.asyncDispose]: async () => {
      client.destroy();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** kinesalite 3.3.3, in this process. */
export async function startKinesalite(): Promise<Subject> {
  const kinesalite = require('kinesalite') as (options: object) => Server;
  const server = kinesalite({
    createStreamMs: 20,
    deleteStreamMs: 20,
    updateStreamMs: 20,
    shardLimit: 1000,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = clientOf(url);
  return {
    url,
    client,
    [Symbol.asyncDispose]: async () => {
      client.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}

const mockDurations = [
  'CREATE_STREAM',
  'DELETE_STREAM',
  'REGISTER_STREAM_CONSUMER',
  'DEREGISTER_STREAM_CONSUMER',
  'START_STREAM_ENCRYPTION',
  'MERGE_SHARDS',
  'SPLIT_SHARD',
  'UPDATE_SHARD_COUNT',
  'UPDATE_STREAM_MODE',
].map((name): [string, string] => [`${name}_DURATION`, '20ms']);

/** kinesis-mock 0.6.2, as the npm package kinesis-local, in a process of its own. */
export async function startKinesisMock(): Promise<Subject> {
  const [plainPort, tlsPort] = [await freePort(), await freePort()];
  const main = require.resolve('kinesis-local/main.js');
  const child = spawn(process.execPath, [main], {
    stdio: 'ignore',
    env: {
      ...Object.fromEntries(mockDurations),
      KINESIS_MOCK_PLAIN_PORT: `${plainPort}`,
      KINESIS_MOCK_TLS_PORT: `${tlsPort}`,
      // Otherwise, it looks for its certificate in the working directory, and crashes without one.
      KINESIS_MOCK_CERT_PATH: require.resolve('kinesis-local/server.json'),
      SHARD_LIMIT: '1000',
      ROOT_LOG_LEVEL: 'ERROR',
      LOG_LEVEL: 'ERROR',
    },
  });
  const exited = once(child, 'exit');
  const url = `http://127.0.0.1:${plainPort}`;
  const client = clientOf(url);
  await until(
    () =>
      client.send(new ListStreamsCommand({})).then(
        () => true,
        () => false,
      ),
    (answers) => answers,
  );
  return {
    url,
    client,
    [Symbol.asyncDispose]: async () => {
      client.destroy();
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
