import { QueryCommand, TimestreamQueryClient } from '@aws-sdk/client-timestream-query';
import { ListDatabasesCommand, TimestreamWriteClient } from '@aws-sdk/client-timestream-write';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startTimestreamLocal } from '../src/index.ts';
import { afterEmptyPages } from './fixture.ts';

const common = {
  region: 'us-east-1',
  maxAttempts: 1,
  credentials: { accessKeyId: 'anyone', secretAccessKey: 'anything' },
  requestHandler: new NodeHttpHandler(),
};

/** Targets of the requests to a server, from its metrics. */
async function serverWithEnvironment(names: readonly string[], more: Record<string, string> = {}) {
  const server = await startTimestreamLocal();
  for (const name of names) vi.stubEnv(name, server.endpoint);
  for (const [name, value] of Object.entries(more)) vi.stubEnv(name, value);
  return server;
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the SDK for JavaScript', () => {
  it.each([
    ['without more', {}],
    ['with discovery switched on in the environment', { AWS_ENABLE_ENDPOINT_DISCOVERY: 'true' }],
    ['with discovery switched off in the environment', { AWS_ENABLE_ENDPOINT_DISCOVERY: 'false' }],
  ])('works with an endpoint in its constructor, %s', async (_, environment) => {
    await using server = await serverWithEnvironment([], environment);
    const { endpoint } = server;
    await expectWorks(
      new TimestreamWriteClient({ ...common, endpoint }),
      new TimestreamQueryClient({ ...common, endpoint }),
    );
  });

  it.each([
    [['AWS_ENDPOINT_URL']],
    [['AWS_ENDPOINT_URL_TIMESTREAM_WRITE', 'AWS_ENDPOINT_URL_TIMESTREAM_QUERY']],
  ])('discovers its endpoint at %j', async (names) => {
    await using _server = await serverWithEnvironment(names);
    await expectWorks(new TimestreamWriteClient(common), new TimestreamQueryClient(common));
  });

  it('discovers its endpoint when it is configured to', async () => {
    await using _server = await serverWithEnvironment(['AWS_ENDPOINT_URL']);
    const options = { ...common, endpointDiscoveryEnabled: true };
    await expectWorks(new TimestreamWriteClient(options), new TimestreamQueryClient(options));
  });

  it.each([true, false])(
    'itself rejects an endpoint together with discovery %s',
    async (enabled) => {
      await using server = await startTimestreamLocal();
      const { endpoint } = server;
      const client = new TimestreamWriteClient({
        ...common,
        endpoint,
        endpointDiscoveryEnabled: enabled,
      });
      await expect(client.send(new ListDatabasesCommand())).rejects.toThrow(
        'Custom endpoint is supplied; endpointDiscoveryEnabled must not be true.',
      );
      client.destroy();
    },
  );
});

describe('DescribeEndpoints', () => {
  it.each([
    ['aws-sdk-js/3.1138.0 api/timestream-write#3.1138.0', false, 'timestream.test'],
    ['aws-sdk-js/3.1138.0 api/timestream-write#3.1138.0', true, 'timestream.test'],
    ['Boto3/1.43 md/Botocore#1.43.107', false, 'http://timestream.test:8787'],
    ['Boto3/1.43 md/Botocore#1.43.107', true, 'https://timestream.test:8787'],
    ['aws-sdk-go-v2/1.36', false, 'timestream.test:8787'],
    ['aws-sdk-rust/1.3.9', true, 'timestream.test:8787'],
  ])('answers %s (TLS: %s) with %s', async (userAgent, isSecure, address) => {
    const { describeEndpoints } = await import('../src/http/describe-endpoints.ts');
    const context = {
      userAgent,
      hostHeader: 'timestream.test:8787',
      isSecure,
      signal: new AbortController().signal,
    };
    expect(describeEndpoints(undefined)({}, context)).toEqual({
      Endpoints: [{ Address: address, CachePeriodInMinutes: 1440 }],
    });
    expect(describeEndpoints('elsewhere.test')({}, context)).toMatchObject({
      Endpoints: [{ Address: 'elsewhere.test' }],
    });
  });
});

async function expectWorks(write: TimestreamWriteClient, query: TimestreamQueryClient) {
  expect(await write.send(new ListDatabasesCommand())).toMatchObject({ Databases: [] });
  const QueryString = 'SELECT 1';
  const first = await query.send(new QueryCommand({ QueryString }));
  const { Rows } = await afterEmptyPages(query, QueryString, first);
  expect(Rows).toEqual([{ Data: [{ ScalarValue: '1' }] }]);
  write.destroy();
  query.destroy();
}
