import type { Series } from '@highwater/model';
import { AccumulatorLayout } from '../accumulators/accumulator-layout.ts';
import type { Aggregate } from '../accumulators/aggregate.ts';
import { assignWindows } from './assign-windows.ts';
import { checkViews } from './check-views.ts';
import { ViewsError } from '../errors.ts';
import type { Fill } from './fill-schema.ts';
import { groupSeries } from './group-series.ts';
import type { TimeWindow } from '../time-window.ts';
import { viewsFileSchema, type ViewDefinition, type matchSchema } from './view-schema.ts';
import type { WindowAssigner } from './window-assigner.ts';
import type { z } from 'zod';
import { anyGlob } from './glob.ts';

/** A view, ready to be computed. */
export interface View {
  readonly name: string;
  readonly revision: number;
  /** The computation, as text. Two views of one name and revision must agree in it. */
  readonly definition: string;
  readonly allowedLatenessMs: number;
  /** How often running results of open windows are emitted; undefined for never. */
  readonly earlyMs: number | undefined;
  /** How often a row is corrected at most; undefined for after every batch. */
  readonly coalesceMs: number | undefined;
  /** How windows without points are filled; undefined when they are left open. */
  readonly fill: Fill | undefined;
  readonly aggregates: readonly Aggregate[];
  readonly layout: AccumulatorLayout;
  readonly windows: WindowAssigner;
  /** Whether a series' points belong to the view. */
  matches(series: Series): boolean;
  /**
   * The series of the row that a series' points are folded into. Its type is always DOUBLE: points of
   * both numeric types are one series, because the store keeps them in one row.
   */
  group(series: Series): Series;
  /** The measure name of a row. */
  measureName(aggregate: Aggregate, measureName: string): string;
  /** The time of a row. */
  rowTimeMs(window: TimeWindow): number;
}

/**
 * Reads the content of a views file.
 *
 * @param content the parsed YAML or JSON
 * @throws {ViewsError} naming every problem with its place
 */
export function parseViews(content: unknown): readonly View[] {
  const problems = checkViews(content);
  if (problems.length > 0) throw new ViewsError(problems);
  return viewsFileSchema.parse(content).views.map(compile);
}

function compile(definition: ViewDefinition): View {
  const { name, revision, allowedLateness, aggregates, output, early, late } = definition;
  const layout = new AccumulatorLayout(aggregates, definition.duplicates);
  return {
    name,
    revision,
    definition: definitionText(definition, layout),
    allowedLatenessMs: allowedLateness,
    earlyMs: early,
    coalesceMs: late?.coalesce,
    fill: definition.fill,
    aggregates,
    layout,
    windows: assignWindows(definition.window),
    matches: matchSeries(definition.match),
    group: groupSeries(definition.groupBy),
    measureName: (aggregate, measureName) =>
      output.measure
        .replaceAll('{aggregate}', aggregate)
        .replaceAll('{measure}', () => measureName),
    rowTimeMs: ({ startMs, endMs }) => (output.time === 'start' ? startMs : endMs),
  };
}

/**
 * Everything that decides which rows exist and what they contain, but not when they are written.
 */
function definitionText(view: ViewDefinition, { isExact }: AccumulatorLayout): string {
  const { match, groupBy, window, aggregates, duplicates, fill, output } = view;
  // Rows of releases that rounded such integers have other values, and so does their state.
  const integers = isExact ? 'exact' : undefined;
  return JSON.stringify({
    match,
    groupBy,
    window,
    aggregates,
    duplicates,
    fill,
    output,
    integers,
  });
}

/** Compiles which series' points belong to a view: all conditions must hold. */
function matchSeries(match: z.output<typeof matchSchema>): (series: Series) => boolean {
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
