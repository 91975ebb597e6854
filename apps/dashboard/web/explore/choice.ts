import { computed } from '@preact/signals';
import { readMoment } from '../lib/range.ts';
import { place } from '../lib/url-state.ts';

/** A measure with the aggregates drawn over it. */
export interface PanelChoice {
  /** Undefined for an aggregate alone. */
  readonly measure: string | undefined;
  readonly aggregates: readonly string[];
}

/** The selection in Explore, as it is in the address. */
export interface Choice {
  readonly measures: readonly string[];
  readonly aggregates: readonly string[];
  readonly filters: Readonly<Record<string, readonly string[]>>;
  readonly by: string | undefined;
  readonly knownAtMs: number | undefined;
  readonly isTable: boolean;
}

/** Read from the address. */
export const choice = computed((): Choice => {
  const { query } = place.value;
  // A dimension may have any name, even that of a built-in member of objects.
  const filters = Object.create(null) as Record<string, string[]>;
  for (const each of query.getAll('where')) {
    const at = each.indexOf(':');
    if (at > 0) (filters[each.slice(0, at)] ??= []).push(each.slice(at + 1));
  }
  return {
    measures: query.getAll('m'),
    aggregates: query.getAll('a'),
    filters,
    by: query.get('by') ?? undefined,
    knownAtMs: readMoment(query.get('known')),
    isTable: query.get('view') === 'table',
  };
});

/** Filters in the form that the address has. */
export function whereOf(filters: Choice['filters']): readonly string[] {
  return Object.entries(filters).flatMap(([name, values]) =>
    values.map((value) => `${name}:${value}`),
  );
}

/** Panels: one for each measure, with the aggregates that are named after it. */
export function panelsOf({
  measures,
  aggregates,
}: Pick<Choice, 'measures' | 'aggregates'>): readonly PanelChoice[] {
  const isOver = (aggregate: string, measure: string) =>
    aggregate.endsWith(`_${measure}`) || aggregate.startsWith(`${measure}_`);
  const over = measures.map((measure) => ({
    measure,
    aggregates: aggregates.filter((aggregate) => isOver(aggregate, measure)),
  }));
  const alone = aggregates
    .filter((aggregate) => !measures.some((measure) => isOver(aggregate, measure)))
    .map((aggregate) => ({ measure: undefined, aggregates: [aggregate] }));
  return [...over, ...alone];
}
