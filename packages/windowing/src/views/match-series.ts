import type { Series } from '@highwater/model';
import type { z } from 'zod';
import { anyGlob } from './glob.ts';
import type { matchSchema } from './view-schema.ts';

/** Compiles which series' points belong to a view: all conditions must hold. */
export function matchSeries(match: z.output<typeof matchSchema>): (series: Series) => boolean {
  const types = new Set<string>(match.measureTypes);
  const isMeasure = match.measures ? anyGlob(match.measures) : () => true;
  const where = Object.entries(match.where ?? {}).map(([name, patterns]) => ({
    name,
    isValue: anyGlob(patterns),
  }));
  return ({ measureName, measureValueType, dimensions }) =>
    types.has(measureValueType) &&
    isMeasure(measureName) &&
    where.every(({ name, isValue }) =>
      dimensions.some((dimension) => dimension.name === name && isValue(dimension.value)),
    );
}
