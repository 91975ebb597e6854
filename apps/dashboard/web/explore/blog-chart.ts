import type { MeasureInfo } from '../../src/contract.ts';
import type { Changes } from '../lib/url-state.ts';

/** The chart of the article that inspired this project: a measure of one group of hosts. */
export const blogChart = {
  measure: 'cpu_system',
  aggregate: 'avg_cpu_system',
  where: ['microservice_name:apollo', 'region:us_east_1'],
};

/**
 * That chart, with the data in the store: another average of the measure if the article's own does
 * not exist yet.
 */
export function showBlogChart(measures: readonly MeasureInfo[]): Changes {
  const { measure, aggregate, where } = blogChart;
  const over = measures.filter(({ isView, name }) => isView && name.endsWith(`_${measure}`));
  const shown = over.find(({ name }) => name === aggregate) ?? over[0];
  return { m: measure, a: shown?.name ?? aggregate, where, by: null, known: null };
}
