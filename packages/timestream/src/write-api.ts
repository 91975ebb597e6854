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
import type { EncodedRows } from './encode-request.ts';
import type { CallLimits, TimestreamTable } from './timestream-table.ts';

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

/** The Write API by the AWS SDK. Throws the SDK's own errors, or the reason of an aborted signal. */
export function createSdkWriteApi(place: TimestreamTable, limits: CallLimits): WriteApi {
  const { database: DatabaseName, table: TableName } = place;
  let client = new TimestreamWriteClient(clientConfig(place, limits));
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
          MemoryStoreRetentionPeriodInHours: place.memoryHours,
          MagneticStoreRetentionPeriodInDays: place.magneticDays,
        },
        MagneticStoreWriteProperties: {
          EnableMagneticStoreWrites: place.hasMagneticWrites,
        },
      });
      await client.send(command, { abortSignal });
    },
    rediscover() {
      // Requests that are under way keep the old client; its idle sockets time out.
      client = new TimestreamWriteClient(clientConfig(place, limits));
    },
    close: () => client.destroy(),
  };
}

function clientConfig(
  { region, endpoint }: TimestreamTable,
  { requestsInFlightMax, requestTimeoutMs }: CallLimits,
): TimestreamWriteClientConfig {
  const agent = { keepAlive: true, maxSockets: requestsInFlightMax };
  return {
    region,
    // Retries are ours: the SDK's would not know that memory store throttling wants the same rate.
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: Math.min(5_000, requestTimeoutMs),
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
