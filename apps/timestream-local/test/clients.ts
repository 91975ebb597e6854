import { TimestreamQueryClient } from '@aws-sdk/client-timestream-query';
import { TimestreamWriteClient } from '@aws-sdk/client-timestream-write';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** Both SDK clients, as an application would create them. */
export interface Clients extends Disposable {
  readonly write: TimestreamWriteClient;
  readonly query: TimestreamQueryClient;
}

export function makeClients(endpoint: string): Clients {
  const options = {
    endpoint,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'anyone', secretAccessKey: 'anything' },
    requestHandler: new NodeHttpHandler(),
  };
  const write = new TimestreamWriteClient(options);
  const query = new TimestreamQueryClient(options);
  return {
    write,
    query,
    [Symbol.dispose]: () => {
      write.destroy();
      query.destroy();
    },
  };
}
