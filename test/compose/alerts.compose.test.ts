import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { describe, expect, it } from 'vitest';
import { compose } from './compose.ts';
import { addressOf } from './containers.ts';
import { eventually } from './eventually.ts';
import { alerts, query } from './prometheus.ts';

/** Breaks something, waits for the alert, mends it, and waits until no alert of that name is left. */
async function provoke(name: string, breakIt: () => Promise<void>, mendIt: () => Promise<void>) {
  const isRaised = async () =>
    (await Promise.all([alerts('pending'), alerts('firing')])).flat().includes(name);
  expect(await isRaised()).toBe(false);
  await breakIt();
  try {
    await eventually(`${name} is raised`, 120_000, isRaised);
  } finally {
    await mendIt();
  }
  await eventually(`${name} is over`, 120_000, async () => !(await isRaised()));
}

describe('an alert is raised in earnest', () => {
  it('when the upsert writer is stopped: view rows go stale', async () => {
    await provoke(
      'HighwaterViewsStale',
      async () => void (await compose('stop', 'upsert-writer')),
      async () => void (await compose('up', '--detach', '--wait', '--no-build', 'upsert-writer')),
    );
  });

  it('when the store stands still: its writers stall', async () => {
    await provoke(
      'HighwaterWriterStalled',
      async () => void (await compose('pause', 'timestream-local')),
      async () => void (await compose('unpause', 'timestream-local')),
    );
  });

  it('when a record cannot be used: dead letters, of every reader and with their reason', async () => {
    using client = kinesisClient(await addressOf('kinesis-local', 4567));
    await client.put('this is no point');
    await eventually('both readers have set it aside', 60_000, async () => {
      const letters = await query('ALERTS{alertname="HighwaterDeadLetters"}');
      const raised = letters.map(({ labels }) => `${labels['job']} ${labels['reason']}`);
      return ['aggregator not_json', 'raw-writer not_json'].every((one) => raised.includes(one));
    });
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
