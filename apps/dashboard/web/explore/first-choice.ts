import type { CorrectionsReply, MeasureInfo, MeasuresReply } from '../../src/contract.ts';
import { ask } from '../lib/api.ts';
import { currentSpan, presets } from '../lib/range.ts';
import type { Changes } from '../lib/url-state.ts';
import { tellingDimension } from '../parts/series-label.ts';
import { blogChart } from './blog-chart.ts';

/** With this many windows, a range shows what happens to them. */
const windowsShown = 20;

/**
 * The most interesting first choice: a measure with an aggregate, preferably the generator's, for
 * the series that late points changed last.
 */
export async function firstChoice(
  { measures }: MeasuresReply,
  { hasRange, signal }: { readonly hasRange: boolean; readonly signal: AbortSignal },
): Promise<Changes> {
  const raw = measures.filter(({ isView, isNumber }) => !isView && isNumber);
  const aggregatesOf = ({ name }: MeasureInfo) =>
    measures.filter((each) => each.isView && each.name.endsWith(`_${name}`));
  const best =
    raw.find(({ name }) => name === blogChart.measure) ??
    raw.find((each) => aggregatesOf(each).length > 0) ??
    raw[0];
  if (!best) return {};
  const [aggregate] = aggregatesOf(best);
  if (!aggregate) return { m: best.name };
  const chosen = { m: best.name, a: aggregate.name };
  const request = { ...currentSpan(), measures: [aggregate.name], order: 'arrival', limit: 1 };
  const latest = await ask<CorrectionsReply>('corrections', request, signal).catch(() => undefined);
  const correction = latest?.corrections[0];
  const series = correction && tellingDimension(correction.dimensions);
  if (!correction || !series) return chosen;
  const wantedMs = (correction.windowEndMs - correction.windowStartMs) * windowsShown;
  const preset = presets.find(({ sizeMs }) => sizeMs >= wantedMs);
  return {
    ...chosen,
    where: series.join(':'),
    ...(!hasRange && preset && { range: preset.name }),
  };
}
