import { NodeHttpHandler } from '@smithy/node-http-handler';
import {
  CreateDatabaseCommand,
  CreateTableCommand,
  DescribeTableCommand,
  TimestreamWriteClient,
  WriteRecordsCommand,
  type Table,
  type TimestreamWriteClientConfig,
} from '@aws-sdk/client-timestream-write';
import type { TimestreamConfig } from './config.ts';
import type { EncodedRows } from './encode-request.ts';

/** The calls of the Timestream Write API that the store makes, for its one table. Never retries. */
export interface WriteApi {
  writeRecords(rows: EncodedRows, signal: AbortSignal): Promise<void>;
  describeTable(signal: AbortSignal): Promise<Table | undefined>;
  createDatabase(signal: AbortSignal): Promise<void>;
  createTable(signal: AbortSignal): Promise<void>;
  /**
   * Forgets the discovered endpoint. The SDK keeps it even after the service reports that it has
   * moved.
   */
  rediscover(): void;
  close(): void;
}

/**
 * The Write API through the AWS SDK. Throws the SDK's own errors, or the reason of an aborted
 * signal.
 */
export function createSdkWriteApi(config: TimestreamConfig): WriteApi {
  const { HW_TIMESTREAM_DATABASE: DatabaseName, HW_TIMESTREAM_TABLE: TableName } = config;
  let client = new TimestreamWriteClient(clientConfig(config));
  return {
    async writeRecords(rows, abortSignal) {
      await client.send(new WriteRecordsCommand({ DatabaseName, TableName, ...rows }), {
        abortSignal,
      });
    },
    async describeTable(abortSignal) {
      const command = new DescribeTableCommand({ DatabaseName, TableName });
      return (await client.send(command, { abortSignal })).Table;
    },
    async createDatabase(abortSignal) {
      await client.send(new CreateDatabaseCommand({ DatabaseName }), { abortSignal });
    },
    async createTable(abortSignal) {
      const command = new CreateTableCommand({
        DatabaseName,
        TableName,
        RetentionProperties: {
          MemoryStoreRetentionPeriodInHours: config.HW_TIMESTREAM_MEMORY_HOURS,
          MagneticStoreRetentionPeriodInDays: config.HW_TIMESTREAM_MAGNETIC_DAYS,
        },
        MagneticStoreWriteProperties: {
          EnableMagneticStoreWrites: config.HW_TIMESTREAM_MAGNETIC_WRITES,
        },
      });
      await client.send(command, { abortSignal });
    },
    rediscover() {
      // Requests in progress keep the old client. Its idle sockets time out.
      client = new TimestreamWriteClient(clientConfig(config));
    },
    close: () => client.destroy(),
  };
}

function clientConfig(config: TimestreamConfig): TimestreamWriteClientConfig {
  const endpoint = config.AWS_ENDPOINT_URL_TIMESTREAM_WRITE;
  const agent = { keepAlive: true, maxSockets: config.HW_TIMESTREAM_REQUESTS_IN_FLIGHT_MAX };
  return {
    region: config.AWS_REGION,
    // The SDK's retries are off: it would not know that memory store throttling needs a constant
    // rate.
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: Math.min(5_000, config.HW_TIMESTREAM_REQUEST_TIMEOUT_MS),
      httpAgent: agent,
      httpsAgent: agent,
    }),
    // An endpoint given here, without `endpointDiscoveryEnabled`, turns endpoint discovery off.
    ...(endpoint && { endpoint }),
    // AWS itself always uses https. Plain http means a local server, which accepts any credentials.
    ...(endpoint?.startsWith('http:') && {
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }),
  };
}
