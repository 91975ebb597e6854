import { commonMeasure } from './collisions/common-measure.ts';
import type { ViewProblem } from './view-problem.ts';
import type { ViewDefinition } from './view-schema.ts';

/**
 * Bytes that the name of a row may have besides the name of the measure. The measure name of a point
 * may be 200 bytes long and that of a row 256, so whatever is fine as a raw row makes fine rows of
 * views.
 */
export const viewMeasureNameOverheadBytesMax = 56;

const encoder = new TextEncoder();

type NamingFields = Pick<ViewDefinition, 'aggregates' | 'match' | 'output'>;

/** Conflicts of a view's names with a store, or with another row of the same view. */
export function checkMeasureNames(view: Partial<NamingFields>): ViewProblem[] {
  const { aggregates, match, output } = view;
  if (!aggregates || !output) return [];
  const problems: ViewProblem[] = [];
  for (const [index, aggregate] of aggregates.entries()) {
    if (aggregates.indexOf(aggregate) < index) {
      problems.push({ path: ['aggregates', index], message: `${aggregate} is listed twice` });
    }
  }
  const fixed = aggregates.map((aggregate) => output.measure.replaceAll('{aggregate}', aggregate));
  const messages = [
    ...charactersOf(output.measure),
    ...reservedOf(fixed),
    ...lengthOf(fixed),
    ...rowsThatAreOne(aggregates, output, match),
  ];
  for (const message of messages) problems.push({ path: ['output', 'measure'], message });
  return problems;
}

function charactersOf(measure: string): readonly string[] {
  const isFine = !/[:\p{Cc}]/u.test(measure) && measure.isWellFormed();
  return isFine
    ? []
    : ['contains a colon or a control character, which are not allowed in measure names'];
}

function reservedOf(fixed: readonly string[]): readonly string[] {
  const reserved = fixed.find((name) => /^(ts_|measure_name|measure_value|time$)/.test(name));
  if (reserved === undefined) return [];
  return [
    `would name rows "${reserved}"; the names time, ts_…, measure_name…, and measure_value… are reserved`,
  ];
}

function lengthOf(fixed: readonly string[]): readonly string[] {
  const lengths = fixed.map((name) => encoder.encode(name.replaceAll('{measure}', '')).length);
  const bytes = Math.max(...lengths);
  if (bytes <= viewMeasureNameOverheadBytesMax) return [];
  return [
    `has ${bytes} bytes in addition to {measure}, but at most ${viewMeasureNameOverheadBytesMax} are allowed; shorten it`,
  ];
}

function rowsThatAreOne(
  aggregates: NamingFields['aggregates'],
  output: NamingFields['output'],
  match: NamingFields['match'] | undefined,
): readonly string[] {
  const measuresCount = output.measure.split('{measure}').length - 1;
  if (measuresCount > 1) return ['must not contain {measure} more than once'];
  const messages: string[] = [];
  const hasAggregate = output.measure.includes('{aggregate}');
  if (aggregates.length > 1 && !hasAggregate) {
    messages.push(
      'must contain {aggregate}; otherwise the rows of several aggregates would have the same name',
    );
  }
  if (!match) return messages;
  if (measuresCount === 0 && !isOneMeasure(match.measures)) {
    messages.push(
      'must contain {measure}; otherwise the rows of several measures would have the same name',
    );
  }
  if (messages.length > 0) return messages;
  const naming = { match, output };
  for (const [index, aggregate] of aggregates.entries()) {
    for (const other of aggregates.slice(0, index)) {
      if (aggregate === other) continue;
      const common = commonMeasure([naming, other], [naming, aggregate]);
      if (!common) continue;
      const [ofOther, own] = common.measures;
      messages.push(
        `would name two rows ${common.name}: ${other} of the measure ${ofOther}, and ${aggregate} of ${own}; ` +
          'put {aggregate} last, or list the measures under match',
      );
    }
  }
  return messages;
}

function isOneMeasure(measures: readonly string[] | undefined): boolean {
  return measures !== undefined && new Set(measures).size === 1 && !measures[0]?.includes('*');
}
