import { upsertVersion, type OpenStore, type Row, type StoreTable } from '@highwater/model';

/** Where docs/stores.md has its history: the times of its rows are in its answers. */
const firstWindowMs = Date.UTC(2026, 10, 28, 8);
const windowMs = 300_000;
const windowsCount = 24;
const devicesCount = 10;
const pointsCount = 10;

/** How often a row was written, and corrected. */
export interface HistoryCounts {
  /** Rows of windows, each once. */
  readonly rows: number;
  readonly correctedRows: number;
  readonly corrections: number;
  /** Rows of windows with all their versions, and what was written again. */
  readonly written: number;
}

interface WindowRow {
  readonly device: string;
  readonly endMs: number;
  /** Its average after each of its versions, the first of them without late points. */
  readonly values: readonly number[];
}

/**
 * Writes two hours of five-minute averages of ten devices, in which late points corrected a fifth of the
 * rows, some of them twice. The highest version arrives before the one in between, and the first results
 * are repeated after all others, as by a writer that starts again.
 *
 * Each call of `write` has each row at most once.
 */
export async function writeCorrectedHistory(
  open: (table: StoreTable) => Promise<OpenStore>,
): Promise<HistoryCounts> {
  const rows = windowRows();
  const corrected = rows.filter(({ values }) => values.length > 1);
  const newest = corrected.map((row) => viewRow(row, row.values.length - 1));
  const between = corrected.filter(({ values }) => values.length > 2);
  const first = rows.map((row) => viewRow(row, 0));
  const passes = [first, newest, between.map((row) => viewRow(row, 1)), first];
  await writeAll(await open('views'), passes);
  const corrections = corrected.flatMap((row) =>
    row.values.slice(1).map((_, index) => correctionRow(row, index + 1)),
  );
  await writeAll(await open('corrections'), [corrections]);
  return {
    rows: rows.length,
    correctedRows: corrected.length,
    corrections: corrections.length,
    written: passes.flat().length,
  };
}

async function writeAll(opened: OpenStore, passes: readonly (readonly Row[])[]): Promise<void> {
  await using store = opened;
  const { signal } = new AbortController();
  for (const pass of passes) {
    for (const outcome of await store.write(pass, signal)) {
      if (outcome.status === 'rejected') throw new Error(`${outcome.reason}: ${outcome.detail}`);
    }
  }
}

function windowRows(): readonly WindowRow[] {
  return Array.from({ length: windowsCount * devicesCount }, (_, index) => {
    const [window, device] = [Math.floor(index / devicesCount), index % devicesCount];
    const value = 20 + device + (window % 4) / 4;
    const isCorrected = (3 * window + device) % 5 === 1;
    const isCorrectedTwice = isCorrected && window % 4 === 3;
    return {
      device: `pump-${String(device + 1).padStart(2, '0')}`,
      endMs: firstWindowMs + (window + 1) * windowMs,
      values: [
        value,
        ...(isCorrected ? [value + 0.5] : []),
        ...(isCorrectedTwice ? [value + 0.875] : []),
      ],
    };
  });
}

/** A version of a row, as upsert-writer writes it. Each later version includes another point. */
function viewRow({ device, endMs, values }: WindowRow, version: number): Row {
  return {
    measureName: 'avg_temperature',
    measureValueType: 'DOUBLE',
    measureValue: String(values[version]),
    dimensions: [
      { name: 'device', value: device },
      { name: 'window_start', value: boundText(endMs - windowMs) },
      { name: 'window_end', value: boundText(endMs) },
    ],
    time: String(endMs),
    timeUnit: 'MILLISECONDS',
    version: upsertVersion({
      viewRevision: 1,
      contributions: pointsCount + version,
      kind: 'complete',
    }),
  };
}

function correctionRow(row: WindowRow, version: number): Row {
  const lateByMs = version * 60_000;
  return {
    ...viewRow(row, version),
    measureValueType: 'VARCHAR',
    measureValue: JSON.stringify({
      from: row.values[version - 1],
      to: row.values[version],
      points: pointsCount + version,
      added: 1,
      late: 1,
      lateByMs,
    }),
    time: String(row.endMs + lateByMs),
  };
}

function boundText(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('T', ' ').replace('Z', '');
}
