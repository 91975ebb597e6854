import type { Series } from '@highwater/model';
import { z } from 'zod';
import { AccumulatorLayout, type Aggregate } from './aggregate.ts';
import { ViewsError } from './errors.ts';
import type { TimeWindow } from './time-window.ts';
import { assignTumblingWindow } from './tumbling-window.ts';
import { viewsFileSchema } from './view-schema.ts';

/** A view, ready to be computed. */
export interface View {
  readonly name: string;
  readonly revision: number;
  /** What is computed, as text: two views of one name and revision must agree in it. */
  readonly definition: string;
  readonly allowedLatenessMs: number;
  readonly aggregates: readonly Aggregate[];
  readonly layout: AccumulatorLayout;
  /** Whether a series' points belong to the view. */
  matches(series: Series): boolean;
  /** The window that an event falls into. */
  assign(eventTimeMs: number): TimeWindow;
  /** The measure name of a row. */
  measureName(aggregate: Aggregate, measureName: string): string;
}

/**
 * Reads the content of a views file.
 *
 * @param content the parsed YAML or JSON
 * @throws {ViewsError} naming every problem with its place
 */
export function parseViews(content: unknown): readonly View[] {
  const parsed = viewsFileSchema.safeParse(content);
  if (!parsed.success) throw new ViewsError(z.prettifyError(parsed.error));
  return parsed.data.views.map((definition) => {
    const windows = { sizeMs: definition.window.tumbling, offsetMs: 0 };
    const types = new Set<string>(definition.match.measureTypes);
    return {
      name: definition.name,
      revision: definition.revision,
      definition: JSON.stringify({
        match: definition.match,
        groupBy: definition.groupBy,
        windowSizeMs: windows.sizeMs,
        aggregates: definition.aggregates,
      }),
      allowedLatenessMs: definition.allowedLateness,
      aggregates: definition.aggregates,
      layout: new AccumulatorLayout(definition.aggregates),
      matches: (series) => types.has(series.measureValueType),
      assign: (eventTimeMs) => assignTumblingWindow(eventTimeMs, windows),
      measureName: (aggregate, measureName) =>
        definition.output.measure
          .replaceAll('{aggregate}', aggregate)
          .replaceAll('{measure}', () => measureName),
    };
  });
}
