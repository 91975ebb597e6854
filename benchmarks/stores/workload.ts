import type { Row } from '@highwater/model';
import { buildFleet, originalSeed } from '../../apps/generator/src/fleet.ts';
import { hostMeasures, processMeasures } from '../../apps/generator/src/measures.ts';

/** Size of every window. */
export const windowMs = 300_000;

/** Raw points of a series in a window, in a filled store. */
const pointsPerWindow = 2;
/** Views over every series, in a filled store. */
const viewNames = ['avg', 'max'];
/** Every so many view rows have been corrected once, in a filled store. */
const rowsPerCorrection = 100;

type Series = Pick<Row, 'measureName' | 'measureValueType' | 'dimensions'>;

/** The series of the generator's fleet: 26,000, with eight dimensions each. */
export const fleetSeries: readonly Series[] = (() => {
  const { hosts, processes } = buildFleet(1, originalSeed);
  const reported = [
    ...hosts.map(({ dimensions }) => ({ dimensions, measures: hostMeasures })),
    ...processes.map(({ dimensions }) => ({ dimensions, measures: processMeasures })),
  ];
  return reported.flatMap(({ dimensions, measures }) =>
    measures.map(({ name, type }) => ({
      measureName: name,
      measureValueType: type,
      dimensions: dimensions.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    })),
  );
})();

/** Rows that one window adds to a filled store, without corrections. */
export const rowsPerWindow = fleetSeries.length * (pointsPerWindow + viewNames.length);

/** A window of a view, its rows at one version. */
export interface ViewWindow {
  /** Such as `avg`: the first word of the measure. */
  readonly view: string;
  readonly startMs: number;
  readonly version: number;
}

/** One row per series. Another version has other values. */
export function viewRows({ view, startMs, version }: ViewWindow): readonly Row[] {
  const bounds = [
    { name: 'window_end', value: boundText(startMs + windowMs) },
    { name: 'window_start', value: boundText(startMs) },
  ];
  return fleetSeries.map(({ measureName, dimensions }, index) => ({
    measureName: `${view}_${measureName}`,
    measureValueType: 'DOUBLE',
    measureValue: valueText(index, startMs + version),
    dimensions: [...dimensions, ...bounds],
    time: String(startMs + windowMs),
    timeUnit: 'MILLISECONDS',
    version,
  }));
}

/** Rows of one window of a filled store, by their table. */
export function filledWindow(startMs: number) {
  const views = viewNames.flatMap((view) => viewRows({ view, startMs, version: 2 }));
  const raw = Array.from({ length: pointsPerWindow }, (_, point) =>
    rawRows(startMs + (point * windowMs) / pointsPerWindow),
  ).flat();
  const corrections = views
    .filter((_, index) => index % rowsPerCorrection === 0)
    .map((row, index) => correctionOf(row, startMs, index));
  return { raw, views, corrections };
}

/** A point of each series. Points of a round arrive within a second. */
function rawRows(startMs: number): readonly Row[] {
  return fleetSeries.map((series, index) => ({
    ...series,
    measureValue: rawText(series, index, startMs),
    time: String(startMs + (index % 1000)),
    timeUnit: 'MILLISECONDS',
    version: startMs,
  }));
}

function rawText({ measureValueType }: Series, index: number, salt: number): string {
  if (measureValueType === 'VARCHAR') return 'SUCCESS_WITH_RESULT';
  return measureValueType === 'BIGINT' ? String((index + salt) % 1000) : valueText(index, salt);
}

function correctionOf(row: Row, startMs: number, index: number): Row {
  const [from, to] = [Number(row.measureValue) - 1, Number(row.measureValue)];
  const lateByMs = 1_000 + index;
  return {
    ...row,
    measureValueType: 'VARCHAR',
    measureValue: JSON.stringify({ from, to, points: 300, added: 3, late: 3, lateByMs }),
    time: String(startMs + windowMs + lateByMs),
  };
}

/** Five digits that follow no pattern: regular numbers would take less space than real ones. */
function valueText(index: number, salt: number): string {
  return String((Math.imul(index + 1, (salt % 1_000_003) + 7919) >>> 7) % 100_000);
}

function boundText(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('T', ' ').replace('Z', '');
}
