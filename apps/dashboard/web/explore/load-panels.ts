import type { CorrectionsReply, PointsReply, WindowsReply } from '../../src/contract.ts';
import { withFirstStored } from '../../src/explore/undo-corrections.ts';
import { marksOf, type ChartData, type WindowMark } from '../chart/chart-data.ts';
import { ask } from '../lib/api.ts';
import type { Span } from '../lib/range.ts';
import type { Choice, PanelChoice } from './choice.ts';

/** A panel with its data. */
export interface Panel {
  readonly choice: PanelChoice;
  readonly data: ChartData;
  readonly marks: readonly WindowMark[];
  readonly pointsCount: number;
  readonly moreGroups: boolean;
  readonly isTruncated: boolean;
  readonly elapsedMs: number;
}

/** Loads all panels together, so that they change together. */
export async function loadPanels(
  panels: readonly PanelChoice[],
  choice: Choice,
  {
    span,
    pixels,
    signal,
  }: { readonly span: Span; readonly pixels: number; readonly signal: AbortSignal },
): Promise<readonly Panel[]> {
  const { filters, by, knownAtMs } = choice;
  const common = { ...span, filters, ...(by !== undefined && { by }) };
  const load = async (panel: PanelChoice): Promise<Panel> => {
    const { measure, aggregates } = panel;
    const [points, corrections, ...layers] = await Promise.all([
      measure === undefined
        ? undefined
        : ask<PointsReply>('points', { ...common, measure, pixels }, signal),
      aggregates.length === 0
        ? undefined
        : ask<CorrectionsReply>(
            'corrections',
            { ...span, filters, measures: aggregates, order: 'window', limit: 1_000 },
            signal,
          ),
      ...aggregates.map((aggregate) =>
        ask<WindowsReply>(
          'windows',
          {
            ...common,
            measure: aggregate,
            ...(knownAtMs !== undefined && { asKnownAtMs: knownAtMs }),
          },
          signal,
        ),
      ),
    ]);
    const known = (corrections?.corrections ?? []).filter(
      (each) => knownAtMs === undefined || each.knownAtMs <= knownAtMs,
    );
    return {
      choice: panel,
      data: {
        span,
        binMs: points?.binMs ?? 0,
        groups: points?.groups ?? [],
        layers: layers.map(({ windows }, index) => {
          const aggregate = aggregates[index] ?? '';
          const own = known.filter((each) => each.measure === aggregate);
          const isTruncated = corrections?.isTruncated ?? false;
          return {
            measure: aggregate,
            windows: withFirstStored(windows, own, { by, isTruncated }),
          };
        }),
      },
      marks: marksOf(known),
      pointsCount: points?.pointsCount ?? 0,
      moreGroups: points?.moreGroups ?? false,
      isTruncated:
        layers.some(({ isTruncated }) => isTruncated) || (corrections?.isTruncated ?? false),
      elapsedMs: (points?.elapsedMs ?? 0) + layers.reduce((sum, each) => sum + each.elapsedMs, 0),
    };
  };
  return Promise.all(panels.map(load));
}
