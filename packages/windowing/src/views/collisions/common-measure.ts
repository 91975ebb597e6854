import type { Aggregate } from '../../accumulators/aggregate.ts';
import type { ViewDefinition } from '../view-schema.ts';
import { commonText, globPattern, literal, someText, type TextPattern } from './text-pattern.ts';

/** The settings that decide how the rows of a view are named. */
export type NamingView = Pick<ViewDefinition, 'match' | 'output'>;

/** One way of a view to name rows, with one of its aggregates. */
interface Naming {
  readonly before: string;
  /** The measures whose names stand between; undefined when the name of a row has none in it. */
  readonly measures: readonly TextPattern[];
  readonly hasMeasure: boolean;
  readonly after: string;
}

/** A measure name that rows of both have, and the measures of points that lead to it. */
export interface CommonMeasure {
  readonly name: string;
  readonly measures: readonly [string, string];
}

/** A measure name that two views, each with one of its aggregates, could give to a row. */
export function commonMeasure(
  [a, aggregateOfA]: readonly [NamingView, Aggregate],
  [b, aggregateOfB]: readonly [NamingView, Aggregate],
): CommonMeasure | undefined {
  const one = namingOf(a, aggregateOfA);
  const other = namingOf(b, aggregateOfB);
  for (const measureOfA of one.measures) {
    for (const measureOfB of other.measures) {
      const name = commonText(namePattern(one, measureOfA), namePattern(other, measureOfB));
      if (name === undefined) continue;
      return {
        name,
        measures: [measureIn(one, measureOfA, name), measureIn(other, measureOfB, name)],
      };
    }
  }
  return undefined;
}

function namingOf({ match, output }: NamingView, aggregate: Aggregate): Naming {
  const filled = output.measure.replaceAll('{aggregate}', aggregate);
  // There is at most one {measure}; the rules of a view see to it.
  const [before = '', after] = filled.split('{measure}');
  return {
    before,
    hasMeasure: after !== undefined,
    after: after ?? '',
    measures: match.measures?.map(globPattern) ?? [someText],
  };
}

function namePattern({ before, hasMeasure, after }: Naming, measure: TextPattern): TextPattern {
  return hasMeasure ? [...literal(before), ...measure, ...literal(after)] : literal(before);
}

/** The name of a point's measure that makes the name of a row. */
function measureIn(
  { before, hasMeasure, after }: Naming,
  measure: TextPattern,
  name: string,
): string {
  if (hasMeasure) return name.slice(before.length, name.length - after.length);
  return commonText(measure, someText) ?? '';
}
