import type { View, ViewProblem } from '@highwater/windowing';
import { readTimeText } from './time-text.ts';
import type { TrialFile } from './trial-schema.ts';

/** Maximum simulated time of a test with an end, because the clock ticks once a second. */
const spanMsMax = 86_400_000;

/**
 * Checks that the schema of a test file cannot make: unknown views, and dates that do not exist.
 */
export function checkTrials(file: TrialFile, views: readonly View[]): readonly ViewProblem[] {
  const problems: ViewProblem[] = [];
  const startMs = readTimeText(file.start, 0);
  const time = (text: string | undefined, path: ViewProblem['path']): number | undefined => {
    if (text === undefined) return undefined;
    const timeMs = readTimeText(text, startMs);
    if (!Number.isNaN(timeMs)) return timeMs;
    problems.push({ path, message: `${text} is not a valid date` });
    return undefined;
  };
  if (Number.isNaN(startMs)) return [{ path: ['start'], message: 'is not a valid date' }];
  for (const [index, { points, rows, until }] of file.tests.entries()) {
    const at = ['tests', index];
    const times = points.flatMap((point, place) => [
      time(point.time, [...at, 'points', place, 'time']) ?? [],
      time(point.arrives, [...at, 'points', place, 'arrives']) ?? [],
    ]);
    const untilMs = time(until, [...at, 'until']);
    if (untilMs !== undefined && untilMs - Math.min(untilMs, ...times.flat()) > spanMsMax) {
      const message =
        'is more than a day after the first point; leave it out, or give the points later times';
      problems.push({ path: [...at, 'until'], message });
    }
    for (const [view, expected] of Object.entries(rows)) {
      if (!views.some(({ name }) => name === view)) {
        const known = views.map(({ name }) => name).join(', ');
        problems.push({
          path: [...at, 'rows', view],
          message: `is not a view of this file; its views are: ${known}`,
        });
      }
      for (const [place, row] of expected.entries()) {
        time(row.window, [...at, 'rows', view, place, 'window']);
      }
    }
  }
  return problems;
}
