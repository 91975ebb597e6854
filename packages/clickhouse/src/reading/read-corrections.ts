import {
  parseCorrection,
  type Answer,
  type CorrectionsChoice,
  type ReadLimits,
  type StoredCorrection,
} from '@highwater/model';
import { instant } from '../sql-text.ts';
import type { TableLayout } from '../table-layout.ts';
import { answer } from './read-rows.ts';
import { filterTerms, measureTerms, ofSeries, timeBetween } from './read-sql.ts';
import type { ReadingSession } from './reading-session.ts';

/** Corrections, newest first. */
export async function readCorrections(
  session: ReadingSession,
  layout: TableLayout,
  choice: CorrectionsChoice,
  limits: ReadLimits,
): Promise<Answer<StoredCorrection>> {
  const { fromMs, toMs, order, measures, filters } = choice;
  const terms = [
    ...measureTerms(measures),
    ...(order === 'arrival'
      ? [timeBetween(choice)]
      : [
          // Late points arrive after the start of their window.
          `time >= ${instant(fromMs)}`,
          `window_end > ${instant(fromMs)}`,
          `window_start < ${instant(toMs)}`,
        ]),
    ...ofSeries(layout, measures, filterTerms(filters)),
  ];
  const where = measures.length === 0 ? '' : `WHERE ${measureTerms(measures).join('')}`;
  const statement = `SELECT measure_name, dimensions, toUnixTimestamp64Milli(window_start),
      toUnixTimestamp64Milli(window_end), toUnixTimestamp64Milli(time), value_text
    FROM (SELECT measure_name, series_id, window_start, window_end, time, value_text
      FROM ${layout.rows} FINAL WHERE ${terms.join(' AND ')}) AS r
    ANY LEFT JOIN (SELECT series_id, dimensions FROM ${layout.series} ${where}) AS s USING (series_id)
    ORDER BY time DESC`;
  const { items, ...rest } = await answer({ session }, statement, limits, correctionOf);
  return { ...rest, items: items.flat() };
}

/** The table is anybody's to write to, so a row that is no correction is passed over. */
function correctionOf(row: readonly unknown[]): readonly StoredCorrection[] {
  const [measure, dimensions, windowStartMs, windowEndMs, knownAtMs, text] = row;
  const change = parseCorrection(text as string | null);
  if (!change || Number(windowEndMs) === 0) return [];
  return [
    {
      measure: String(measure),
      dimensions: dimensions as Readonly<Record<string, string>>,
      windowStartMs: Number(windowStartMs),
      windowEndMs: Number(windowEndMs),
      knownAtMs: Number(knownAtMs),
      ...change,
    },
  ];
}
