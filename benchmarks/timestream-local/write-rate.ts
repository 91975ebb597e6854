import {
  CreateDatabaseCommand,
  CreateTableCommand,
  WriteRecordsCommand,
  type TimestreamWriteClient,
  type WriteRecordsCommandInput,
} from '@aws-sdk/client-timestream-write';
import { hostDimensions, measureNames } from './host-dimensions.ts';
import { writeClient } from './sdk-clients.ts';
import type { ServerProcess } from './server-process.ts';

const clientsCount = 4;
const warmUpMs = 3000;
const measuredMs = 10_000;
const hostsPerClient = 50;

/** The results of writing. */
export interface WriteRate {
  readonly recordsPerSecond: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly serverCores: number;
  readonly clientCores: number;
}

/**
 * Four clients, each with one request of 100 records under way at a time: five hosts with their 20
 * measures at one time, everything that the records share in the common attributes.
 */
export async function writeRate(server: ServerProcess, nowMs: number): Promise<WriteRate> {
  const clients = Array.from({ length: clientsCount }, () => writeClient(server.endpoint));
  const [first] = clients;
  const DatabaseName = 'bench';
  await first?.send(new CreateDatabaseCommand({ DatabaseName }));
  await first?.send(new CreateTableCommand({ DatabaseName, TableName: 'written' }));
  const writers = clients.map((client, at) => new Writer(client, at, nowMs));

  await Promise.all(writers.map((writer) => writer.writeFor(warmUpMs)));
  const cpuBefore = await server.cpuSeconds();
  const own = process.cpuUsage();
  const startMs = performance.now();
  const durations = await Promise.all(writers.map((writer) => writer.writeFor(measuredMs)));
  const seconds = (performance.now() - startMs) / 1000;
  const { user, system } = process.cpuUsage(own);
  for (const client of clients) client.destroy();

  const sorted = durations.flat().toSorted((a, b) => a - b);
  return {
    recordsPerSecond: (sorted.length * 100) / seconds,
    medianMs: sorted[sorted.length >> 1] ?? NaN,
    p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? NaN,
    serverCores: ((await server.cpuSeconds()) - cpuBefore) / seconds,
    clientCores: (user + system) / 1e6 / seconds,
  };
}

class Writer {
  readonly #client: TimestreamWriteClient;
  readonly #firstHost: number;
  readonly #fromMs: number;
  #requests = 0;

  constructor(client: TimestreamWriteClient, at: number, nowMs: number) {
    this.#client = client;
    this.#firstHost = at * hostsPerClient;
    this.#fromMs = nowMs - 5 * 3_600_000;
  }

  /** The durations of its requests, in milliseconds. */
  async writeFor(durationMs: number): Promise<number[]> {
    const durations: number[] = [];
    const endMs = performance.now() + durationMs;
    for (let beganMs = performance.now(); beganMs < endMs; beganMs = performance.now()) {
      await this.#client.send(new WriteRecordsCommand(this.#next()));
      durations.push(performance.now() - beganMs);
    }
    return durations;
  }

  #next(): WriteRecordsCommandInput {
    const request = this.#requests;
    this.#requests += 1;
    const groups = hostsPerClient / 5;
    const host = this.#firstHost + (request % groups) * 5;
    const Records = Array.from({ length: 5 }, (_, at) => {
      const Dimensions = hostDimensions(host + at).filter(({ Name }) => !shared.has(Name));
      return measureNames.map((MeasureName, measure) => ({
        Dimensions,
        MeasureName,
        MeasureValue: String(((request * 31 + at * 7 + measure) % 10_000) / 100),
      }));
    }).flat();
    return {
      DatabaseName: 'bench',
      TableName: 'written',
      CommonAttributes: {
        Dimensions: hostDimensions(0).filter(({ Name }) => shared.has(Name)),
        MeasureValueType: 'DOUBLE',
        Time: String(this.#fromMs + Math.floor(request / groups) * 100),
        TimeUnit: 'MILLISECONDS',
        Version: 1,
      },
      Records,
    };
  }
}

/** Equal for all hosts of a request. */
const shared = new Set(['instance_type', 'microservice_name', 'os_version', 'region']);
