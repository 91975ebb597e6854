import type { Dimension } from '@highwater/model';
import type { Fleet } from './fleet.ts';
import {
  drawHostValues,
  drawProcessValues,
  hostMeasures,
  processMeasures,
  type Measure,
} from './measures.ts';
import type { PythonRandom } from './python-random.ts';

/** One host or process, with the repeated parts of its records encoded once. */
export interface Reporter {
  readonly partitionKey: string;
  /** How many of its series report: the first of `measureTexts`. */
  readonly seriesCount: number;
  readonly measureTexts: readonly MeasureText[];
  /** The text after the time unit in every record. */
  readonly tail: string;
  /** A value for each of the measures, in their order. */
  readonly drawValues: (random: PythonRandom) => readonly string[];
}

/** The text around the value of a measure: `{"MeasureName": … "` value `" … "Time": "`. */
export interface MeasureText {
  readonly before: string;
  readonly after: string;
}

const hostTexts = hostMeasures.map(measureText);
const processTexts = processMeasures.map(measureText);

/**
 * The reporters of a fleet in the order of a round: all hosts, then all processes.
 *
 * @param seriesMax keep at most this many series: those of the first hosts, each with its processes
 */
export function fleetReporters(fleet: Fleet, seriesMax = Infinity): readonly Reporter[] {
  const budget = { series: seriesMax };
  const take = (measuresCount: number) => {
    const taken = Math.min(budget.series, measuresCount);
    budget.series -= taken;
    return taken;
  };
  const processes = new Map(fleet.processes.map((process) => [process, 0]));
  const hosts = fleet.hosts.map((host) => ({ host, seriesCount: 0 }));
  const waiting = fleet.processes.values();
  let next = waiting.next().value;
  for (const entry of hosts) {
    entry.seriesCount = take(hostMeasures.length);
    for (; next?.partitionKey === entry.host.partitionKey; next = waiting.next().value) {
      processes.set(next, take(processMeasures.length));
    }
  }
  return [
    ...hosts.map(({ host, seriesCount }) => ({
      partitionKey: host.partitionKey,
      seriesCount,
      measureTexts: hostTexts,
      tail: tailOf(host.dimensions),
      drawValues: (random: PythonRandom) => drawHostValues(host.utilization, random),
    })),
    ...[...processes].map(([process, seriesCount]) => ({
      partitionKey: process.partitionKey,
      seriesCount,
      measureTexts: processTexts,
      tail: tailOf(process.dimensions),
      drawValues: drawProcessValues,
    })),
  ].filter(({ seriesCount }) => seriesCount > 0);
}

function measureText({ name, type }: Measure): MeasureText {
  return {
    before: `{"MeasureName": "${name}", "MeasureValue": "`,
    after: `", "MeasureValueType": "${type}", "Time": "`,
  };
}

function tailOf(dimensions: readonly Dimension[]): string {
  const members = dimensions.map(({ name, value }) => `"${name}": "${value}"`);
  return `", ${members.join(', ')}}`;
}
