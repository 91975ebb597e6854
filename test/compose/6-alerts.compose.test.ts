import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { describe, expect, it } from 'vitest';
import { compose } from './compose.ts';
import { addressOf } from './containers.ts';
import { alerts, query, within } from './prometheus.ts';
import { testStore } from './test-store.ts';

/** Breaks something, waits for the alert, fixes it, and waits until the alert is over. */
async function provoke(name: string, breakIt: () => Promise<void>, mendIt: () => Promise<void>) {
  const raised = async () => (await Promise.all([alerts('pending'), alerts('firing')])).flat();
  expect(await raised()).not.toContain(name);
  await breakIt();
  try {
    await expect.poll(raised, within(120_000)).toContain(name);
  } finally {
    await mendIt();
  }
  await expect.poll(raised, within(120_000)).not.toContain(name);
}

describe('an alert really fires', () => {
  it('when upsert-writer is stopped: view rows become stale', async () => {
    expect.hasAssertions();
    await provoke(
      'HighwaterViewsStale',
      async () => void (await compose('stop', 'upsert-writer')),
      async () => void (await compose('start', 'upsert-writer')),
    );
  });

  it('when the store hangs: its writers stall', async () => {
    expect.hasAssertions();
    await provoke(
      'HighwaterWriterStalled',
      async () => void (await compose('pause', testStore.service)),
      async () => void (await compose('unpause', testStore.service)),
    );
  });

  it('when a record cannot be used: dead letters of every reader, with their reasons', async () => {
    using client = kinesisClient(await addressOf('kinesis-local', 4567));
    await client.put('this is no point');
    const letters = async () => {
      const samples = await query('ALERTS{alertname="HighwaterDeadLetters"}');
      return samples.map(({ labels }) => `${labels['job']} ${labels['reason']}`).toSorted();
    };
    const both = ['aggregator not_json', 'raw-writer not_json'];
    await expect.poll(letters, within(60_000)).toEqual(both);
    // New processes have set nothing aside, so the alert is over before its ten minutes are.
    await compose('restart', 'raw-writer', 'aggregator');
    await expect.poll(letters, within(60_000)).toEqual([]);
  });
});

function kinesisClient(endpoint: string) {
  const client = new KinesisClient({
    endpoint,
    region: 'us-east-1',
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler(),
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return {
    put: (text: string) =>
      client.send(
        new PutRecordCommand({
          StreamName: 'highwater-raw',
          PartitionKey: text,
          Data: new TextEncoder().encode(text),
        }),
      ),
    [Symbol.dispose]: () => client.destroy(),
  };
}
