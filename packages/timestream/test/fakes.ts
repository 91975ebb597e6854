import { Registry } from 'prom-client';
import {
  RejectedRecordsException,
  ValidationException,
  type _Record,
  type RejectedRecord,
} from '@aws-sdk/client-timestream-write';
import type { Clock, Logger, Row } from '@highwater/model';
import { defineStoreMetrics } from '@highwater/store-kit';
import type { TimestreamTable } from '../src/index.ts';
import type { WriteApi } from '../src/write-api.ts';
import type { EncodedRows } from '../src/encode-request.ts';

/** A clock that never waits and records how long each sleep should have been. */
export class InstantClock implements Clock {
  readonly sleepsMs: number[] = [];
  #nowMs = 1_700_000_000_000;

  nowMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  async sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.sleepsMs.push(durationMs);
    this.#nowMs += durationMs;
    await Promise.resolve();
    signal?.throwIfAborted();
  }
}

const ignore = () => {};
export const silentLog: Logger = {
  trace: ignore,
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
};

export function openOptions(clock: Clock = new InstantClock()) {
  const registry = new Registry();
  const { signal } = new AbortController();
  const metrics = defineStoreMetrics(registry);
  const limits = {
    mayCreate: true,
    requestsInFlightMax: 8,
    requestTimeoutMs: 20_000,
    giveUpAfterMs: 300_000,
  };
  return { ...limits, clock, log: silentLog, metrics, signal, random: () => 0.5, registry };
}

export function tableOf(changes: Partial<TimestreamTable> = {}): TimestreamTable {
  return {
    region: 'us-east-1',
    database: 'highwater',
    table: 'metrics',
    memoryHours: 24,
    magneticDays: 7,
    hasMagneticWrites: false,
    ...changes,
  };
}

export function rowOf(overrides: Partial<Row> = {}): Row {
  return {
    measureName: 'cpu_user',
    measureValueType: 'DOUBLE',
    measureValue: '1.5',
    dimensions: [{ name: 'host', value: 'a' }],
    time: '1700000000',
    timeUnit: 'SECONDS',
    version: 1,
    ...overrides,
  };
}

/** How a server merges a record with the common attributes of its request. */
export function mergeRecords({ CommonAttributes: common, Records }: EncodedRows): _Record[] {
  return Records.map((record) => {
    const names = new Set(Object.keys(common));
    const twice = Object.keys(record).filter((name) => name !== 'Dimensions' && names.has(name));
    if (twice.length > 0) throw invalid(`${twice.join()} in both places`);
    const Dimensions = [...(common.Dimensions ?? []), ...(record.Dimensions ?? [])];
    if (new Set(Dimensions.map(({ Name }) => Name)).size !== Dimensions.length) {
      throw invalid('dimensions overlap');
    }
    return { ...common, ...record, Dimensions };
  });
}

export function invalid(message: string): ValidationException {
  return new ValidationException({ message, Message: message, $metadata: { httpStatusCode: 400 } });
}

export function rejected(rejects: RejectedRecord[]): RejectedRecordsException {
  const message = 'One or more records have been rejected. See RejectedRecords for details.';
  return new RejectedRecordsException({
    message,
    Message: message,
    RejectedRecords: rejects,
    $metadata: { httpStatusCode: 419 },
  });
}

/** The version rules of a Timestream table in memory, which rejects records by their value. */
export class FakeTable implements WriteApi {
  readonly rows = new Map<string, { version: number; value: string }>();
  readonly requestSizes: number[] = [];
  /** Called before each request is applied. An error that it throws is the reply. */
  before: (request: EncodedRows) => void = ignore;

  async writeRecords(request: EncodedRows): Promise<void> {
    await Promise.resolve();
    this.before(request);
    this.requestSizes.push(request.Records.length);
    const records = mergeRecords(request);
    if (records.some(({ MeasureValue }) => MeasureValue === '666')) throw invalid('a bad value');
    const identities = records.map(identityOf);
    if (new Set(identities).size !== identities.length) throw new Error('one identity twice');
    const rejects = records.flatMap((record, index) => this.#apply(record, index));
    if (rejects.length > 0) throw rejected(rejects);
  }

  #apply(record: _Record, RecordIndex: number): RejectedRecord[] {
    const identity = identityOf(record);
    const version = record.Version ?? 1;
    const value = record.MeasureValue ?? '';
    const existing = this.rows.get(identity);
    if (existing && existing.version > version) {
      const Reason = `The record version ${version} is lower than the existing version ${existing.version}. A higher version is required to update the measure value.`;
      return [{ RecordIndex, Reason, ExistingVersion: existing.version }];
    }
    if (existing?.version === version) {
      if (existing.value === value) return [];
      const Reason =
        'A record already exists with the same time, dimensions, measure name, and record version. A higher record version must be specified in order to update the measure value. Specifying record version is supported by the latest SDKs.';
      return [{ RecordIndex, Reason }];
    }
    this.rows.set(identity, { version, value });
    return [];
  }

  async describeTable() {
    return Promise.resolve({
      TableStatus: 'ACTIVE' as const,
      RetentionProperties: {
        MemoryStoreRetentionPeriodInHours: 24,
        MagneticStoreRetentionPeriodInDays: 7,
      },
    });
  }

  createDatabase = async () => Promise.resolve();
  createTable = async () => Promise.resolve();
  rediscover = ignore;
  close = ignore;
}

function identityOf({ Dimensions, MeasureName, Time, TimeUnit }: _Record): string {
  const dimensions = (Dimensions ?? []).map(({ Name, Value }) => `${Name}=${Value}`).toSorted();
  return JSON.stringify([dimensions, MeasureName, Time, TimeUnit]);
}
