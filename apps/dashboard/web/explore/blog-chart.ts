import type { MeasureInfo } from '../../src/contract.ts';
import type { Changes } from '../lib/url-state.ts';

/** The chart of the article that this project began from: a measure of one group of hosts. */
export const blogChart = {
  measure: 'cpu_system',
  aggregate: 'avg_cpu_system',
  where: ['microservice_name:apollo', 'region:us_east_1'],
};

/** That chart, with what the store has: another average of it while the article's own is not there yet. */
export function showBlogChart(measures: readonly MeasureInfo[]): Changes {
  const { measure, aggregate, where } = blogChart;
  const over = measures.filter(({ isView, name }) => isView && name.endsWith(`_${measure}`));
  const shown = over.find(({ name }) => name === aggregate) ?? over[0];
  return { m: measure, a: shown?.name ?? aggregate, where, by: null, known: null };
}
