import { SeededRandom } from '@highwater/testkit';
import { fingerprint } from '../../apps/timestream-local/src/store/fingerprint.ts';
import type {
  IncomingRecord,
  IncomingValue,
} from '../../apps/timestream-local/src/store/incoming-record.ts';
import { Store } from '../../apps/timestream-local/src/store/store.ts';
import { hostDimensions, measureNames } from './host-dimensions.ts';

const hostsCount = 250;
const groupRecordsCount = 10_000;

export interface StoredRows {
  readonly data: string;
  readonly nowMs: number;
  readonly rowsCount: number;
  /** @default all 5,000 */
  readonly seriesCount?: number | undefined;
}

/**
 * Fills a file with rows in the order of time, of each series a point every ten seconds, by the
 * server's own store, without the API.
 *
 * @returns how long it took, ms
 */
export async function storeRows({
  data,
  nowMs,
  rowsCount,
  seriesCount,
}: StoredRows): Promise<number> {
  const startMs = performance.now();
  await using store = await Store.open({
    path: data,
    memoryBytesMax: 2 ** 30,
    isStrict: false,
  });
  const table = await store.exclusively(async (connection) => {
    const info = { kmsKeyId: 'bench', createdMs: nowMs, updatedMs: nowMs };
    await store.catalog.putDatabase(connection, { name: 'bench', ...info });
    return store.catalog.addTable(connection, {
      databaseName: 'bench',
      name: 'stored',
      createdMs: nowMs,
      settings: {
        memoryHours: 24,
        magneticDays: 1,
        magneticWrites: false,
        partitionKeys: [{ Type: 'MEASURE' }],
      },
    });
  });
  const series = seriesOfHosts().slice(0, seriesCount);
  // Regular numbers would make the file smaller than real ones do.
  const random = new SeededRandom('bench');
  const rounds = Math.ceil(rowsCount / series.length);
  let written = 0;
  while (written < rowsCount) {
    const count = Math.min(groupRecordsCount, rowsCount - written);
    const records = Array.from({ length: count }, (_, index): IncomingRecord => {
      const row = written + index;
      const round = Math.floor(row / series.length);
      const values = [doubleValue(random.int(0, 9999))];
      return {
        index,
        ...(series[row % series.length] as (typeof series)[number]),
        kind: 'DOUBLE',
        timeNs: BigInt(nowMs - (rounds - round) * 10_000) * 1_000_000n,
        version: 1n,
        values,
        fingerprint: fingerprint(values, false),
        target: 'memory',
      };
    });
    await store.committer.write(table, records);
    written += count;
  }
  return performance.now() - startMs;
}

function doubleValue(hundredths: number): IncomingValue {
  return { column: 'measure_value::double', type: 'DOUBLE', value: hundredths / 100 };
}

function seriesOfHosts(): readonly Pick<IncomingRecord, 'dimensions' | 'measureName'>[] {
  return Array.from({ length: hostsCount }, (_, host) => {
    const dimensions = hostDimensions(host).map(({ Name, Value = '' }) => [Name, Value] as const);
    return measureNames.map((measureName) => ({ dimensions, measureName }));
  }).flat();
}
