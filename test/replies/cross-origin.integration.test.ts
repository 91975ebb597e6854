import { createHealth, serveOps } from '@highwater/service';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startKinesisLocal, type KinesisLocal } from '../../apps/kinesis-local/src/index.ts';
import { startTimestreamLocal } from '../../apps/timestream-local/src/index.ts';

const cleanUp = new AsyncDisposableStack();
let kinesis: KinesisLocal;
const urls: Record<string, string> = {};

beforeAll(async () => {
  kinesis = cleanUp.use(await startKinesisLocal({ port: 0 }));
  urls['kinesis-local'] = kinesis.url;
  urls['timestream-local'] = cleanUp.use(await startTimestreamLocal()).endpoint;
  const ops = { name: 'test', host: '127.0.0.1', port: 0, registry: new Registry() };
  urls['health'] = cleanUp.use(await serveOps({ ...ops, health: createHealth() })).url;
});
afterAll(() => cleanUp.disposeAsync());

/** Requests that a page can send without a preflight: content types of forms need none. */
const unasked = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
];
const targets: Readonly<Record<string, string>> = {
  'kinesis-local': 'Kinesis_20131202.ListStreams',
  'timestream-local': 'Timestream_20181101.ListDatabases',
};

// Goal: a page of another site can neither do nor read anything here. Method: send the requests of
// a browser, with and without a preflight, to each server.
describe.each(['kinesis-local', 'timestream-local', 'health'])('%s', (name) => {
  const ask = async (init: RequestInit) => {
    const response = await fetch(urls[name] ?? '', init);
    await response.arrayBuffer();
    return response;
  };
  const allowing = ({ headers }: Response) =>
    [...headers.keys()].filter((header) => header.startsWith('access-control-'));

  it('lets no other origin read an answer', async () => {
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': targets[name] ?? '',
      origin: 'http://evil.example',
    };
    expect(allowing(await ask({ method: 'POST', headers, body: '{}' }))).toEqual([]);
    expect(allowing(await ask({ headers }))).toEqual([]);
  });

  it('allows nothing to a browser that sends a preflight request', async () => {
    const answer = await ask({
      method: 'OPTIONS',
      headers: {
        origin: 'http://evil.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type, x-amz-target',
      },
    });
    expect(allowing(answer)).toEqual([]);
  });

  it.each(unasked)('does nothing for a body that needs no preflight request: %s', async (type) => {
    const body = 'Action=CreateStream&StreamName=forged';
    const { status } = await ask({ method: 'POST', headers: { 'content-type': type }, body });
    expect(status).toBeGreaterThanOrEqual(400);
    expect([...kinesis.account.streams()]).toEqual([]);
  });
});
