import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { StateError } from '../src/index.ts';
import { createS3Client, S3StateStore } from '../src/snapshots/s3-state-store.ts';
import { startScriptedS3 } from './scripted-s3.ts';
import { describeStateStore } from './state-store-contract.ts';

const prefix = 'highwater/aggregator/points/';

async function openStore() {
  const server = await startScriptedS3();
  const client = createS3Client({ region: 'us-east-1', endpoint: server.url });
  return {
    server,
    store: new S3StateStore(client, { bucket: 'states', prefix }),
    damage: async (key: string, content: Buffer) => {
      server.objects.set(`/states/${prefix}${key}`, content);
    },
    async [Symbol.asyncDispose]() {
      client.destroy();
      await server[Symbol.asyncDispose]();
    },
  };
}

describeStateStore('S3StateStore', openStore);

describe('S3StateStore', () => {
  it('writes below its prefix', async () => {
    await using opened = await openStore();
    await opened.store.put('shardId-0/1-1.snapshot', randomBytes(3));
    expect([...opened.server.objects.keys()]).toEqual([
      '/states/highwater/aggregator/points/shardId-0/1-1.snapshot',
    ]);
  });

  it('finds its own object when the reply to a put was lost', async () => {
    await using opened = await openStore();
    const state = randomBytes(1_000);
    opened.server.loseNextReply();
    await expect(opened.store.put('a', state)).rejects.toMatchObject({ retry: 'backoff' });
    const ref = await opened.store.put('a', state);
    expect(Buffer.from(await opened.store.get(ref)).equals(state)).toBe(true);
  });

  it('never replaces an object with another', async () => {
    await using opened = await openStore();
    await opened.store.put('a', Buffer.from('first'));
    await expect(opened.store.put('a', Buffer.from('second'))).rejects.toThrow(StateError);
    expect(opened.server.objects.get(`/states/${prefix}a`)?.toString()).toBe('first');
  });

  it.each([
    { status: 503, code: 'SlowDown', retry: 'backoff' },
    { status: 500, code: 'InternalError', retry: 'backoff' },
    { status: 403, code: 'AccessDenied', retry: 'never' },
    { status: 404, code: 'NoSuchBucket', retry: 'never' },
  ])('says whether $code is temporary', async ({ status, code, retry }) => {
    await using opened = await openStore();
    opened.server.refuseNext(status, code);
    await expect(opened.store.put('a', Buffer.from('x'))).rejects.toMatchObject({
      code: 'HW_KINESIS_STATE_STORE',
      exception: code,
      retry,
    });
  });
});
