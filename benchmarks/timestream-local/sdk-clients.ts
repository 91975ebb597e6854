import { TimestreamQueryClient } from '@aws-sdk/client-timestream-query';
import { TimestreamWriteClient } from '@aws-sdk/client-timestream-write';
import { NodeHttpHandler } from '@smithy/node-http-handler';

const options = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  maxAttempts: 1,
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  requestHandler: new NodeHttpHandler(),
});

/** A write client with a connection of its own. */
export function writeClient(endpoint: string): TimestreamWriteClient {
  return new TimestreamWriteClient(options(endpoint));
}

/** A query client. */
export function queryClient(endpoint: string): TimestreamQueryClient {
  return new TimestreamQueryClient(options(endpoint));
}
