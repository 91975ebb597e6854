import { KinesisClient } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler, type NodeHttp2Handler } from '@smithy/node-http-handler';

/** An SDK client for tests: without retries, so that every answer is visible. */
export function clientOf(
  url: string,
  requestHandler: NodeHttpHandler | NodeHttp2Handler = new NodeHttpHandler(),
): KinesisClient {
  return new KinesisClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    requestHandler,
  });
}
