import type { Answer, MeasureChoice, ReadLimits, WindowSummary } from '@highwater/model';
import { instant } from '../sql-text.ts';
import type { TableLayout } from '../table-layout.ts';
import { answer } from './read-rows.ts';
import { filterTerms, measureTerms, ofSeries, timeBetween, withGroup } from './read-sql.ts';
import type { ReadingSession } from './reading-session.ts';

/** A row's time is its window's end or start: the longest window that is looked for outside. */
const windowSizeMsMax = 24 * 3_600_000;

/** Windows that touch a range, with the statistics of their rows. */
export function readWindows(
  session: ReadingSession,
  layout: TableLayout,
  choice: MeasureChoice,
  limits: ReadLimits,
): Promise<Answer<WindowSummary>> {
  const { measure, fromMs, toMs, by, filters } = choice;
  const measures = [measure];
  const terms = [
    ...measureTerms(measures),
    timeBetween({ fromMs: Math.max(0, fromMs - windowSizeMsMax), toMs: toMs + windowSizeMsMax }),
    `window_end > ${instant(Math.max(0, fromMs))}`,
    `window_start < ${instant(toMs)}`,
    'value IS NOT NULL',
    ...ofSeries(layout, measures, filterTerms(filters)),
  ];
  const key = ['window_start', 'window_end', ...(by === undefined ? [] : ['series_id'])].join(', ');
  const windows = `SELECT ${key}, count() AS rows, sum(value) AS total,
      min(value) AS least, max(value) AS greatest,
      countIf(attributes['interpolated'] NOT IN ('', 'none')) AS filled
    FROM ${layout.rows} FINAL WHERE ${terms.join(' AND ')}
    GROUP BY ${key}`;
  const statement = `SELECT group, toUnixTimestamp64Milli(window_start), toUnixTimestamp64Milli(window_end),
      sum(total) / sum(rows), min(least), max(greatest), sum(rows), sum(filled)
    FROM (${withGroup(layout, windows, { measures, by })})
    GROUP BY group, window_start, window_end ORDER BY window_start, window_end, group`;
  return answer(
    { session },
    statement,
    limits,
    ([group, startMs, endMs, mean, min, max, rows, filled]) => ({
      group: String(group),
      startMs: Number(startMs),
      endMs: Number(endMs),
      mean: Number(mean),
      min: Number(min),
      max: Number(max),
      rowsCount: Number(rows),
      filledCount: Number(filled),
    }),
  );
}
