import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { expect } from 'vitest';
import type { Law } from './law.ts';

/** Rules for the protocols of a server. */
export const protocolLaws: readonly Law[] = [
  {
    title: "speaks with the SDK's default handler, which wants HTTP/2",
    source:
      'https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/node-configuring-http2.html',
    hold: async ({ url }) => {
      const client = new KinesisClient({
        endpoint: url,
        region: 'us-east-1',
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
        maxAttempts: 1,
      });
      try {
        for (let i = 0; i < 40; i += 1) {
          await expect(client.send(new ListStreamsCommand({}))).resolves.toHaveProperty(
            'StreamNames',
          );
        }
      } finally {
        client.destroy();
      }
    },
  },
];
