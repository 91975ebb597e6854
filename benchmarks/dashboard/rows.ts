import type { Dimension, Row } from '@highwater/model';
import { buildFleet, originalSeed } from '../../apps/generator/src/fleet.ts';
import { hostMeasures, processMeasures } from '../../apps/generator/src/measures.ts';

/** One measure of twenty hosts, evenly over a span. */
export function* swell(span: { fromMs: number; toMs: number }, pointsCount: number): Iterable<Row> {
  const hostsCount = 20;
  const stepMs = (span.toMs - span.fromMs) / (pointsCount / hostsCount);
  for (let index = 0; index < pointsCount; index++) {
    const timeMs = span.fromMs + Math.floor(index / hostsCount) * stepMs;
    const dimensions = [{ name: 'instance_name', value: `host-${index % hostsCount}` }];
    const value = Math.sin(index / 9_000) * 10 + (index % 97) / 50;
    yield point({ measureName: 'swell', dimensions, value, timeMs });
  }
}

/** A point of each of the 78,000 series of the seed's fleet at host-scale 3, a number for all. */
export function* wholeFleet(timeMs: number): Iterable<Row> {
  const { hosts, processes } = buildFleet(3, originalSeed);
  const sources = [
    { all: hosts, measures: hostMeasures },
    { all: processes, measures: processMeasures },
  ];
  for (const { all, measures } of sources) {
    for (const [index, { dimensions }] of all.entries()) {
      for (const { name } of measures) {
        yield point({ measureName: name, dimensions, value: index % 100, timeMs });
      }
    }
  }
}

function point(of: {
  readonly measureName: string;
  readonly dimensions: readonly Dimension[];
  readonly value: number;
  readonly timeMs: number;
}): Row {
  return {
    measureName: of.measureName,
    measureValueType: 'DOUBLE',
    measureValue: String(of.value),
    dimensions: of.dimensions,
    time: String(Math.round(of.timeMs)),
    timeUnit: 'MILLISECONDS',
    version: 1,
  };
}
