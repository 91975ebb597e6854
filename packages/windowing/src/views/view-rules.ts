import { gapWindowsMax } from '@highwater/model';
import { z } from 'zod';
import { CalendarDays } from './collisions/calendar-days.ts';
import {
  describeCollision,
  findRowCollision,
  type RowsOfView,
} from './collisions/row-collision.ts';
import { checkMeasureNames } from './output-rules.ts';
import type { ViewProblem } from './view-problem.ts';
import { viewSchema, type ViewDefinition } from './view-schema.ts';

/** The fields of a view that could be read; the others have problems of their own. */
type ReadableView = { readonly [Field in keyof ViewDefinition]?: ViewDefinition[Field] };

/** A point is folded into this many windows at most. */
const windowsPerPointMax = 1_000;

/** A hundred years, so that the bounds of every window have a date. */
const windowMsMax = 36_525 * 86_400_000;

/**
 * Problems that involve several fields or several views, which cannot be combined.
 *
 * Works on the readable part of the file, so that these problems are found together with the others.
 *
 * @param content the parsed file, valid or not
 */
export function checkRules(content: unknown): readonly ViewProblem[] {
  const file = z.looseObject({ views: z.array(z.unknown()) }).safeParse(content);
  if (!file.success) return [];
  const views = file.data.views.map(readableView);
  const names = views.map(({ name }) => name);
  const problems = views.map((view, index) => {
    const found = Object.values(rules).flatMap((rule) => rule(view));
    const isTaken = view.name !== undefined && names.indexOf(view.name) < index;
    if (isTaken)
      found.push({
        path: ['name'],
        message: `"${view.name}" is also the name of another view; rename one of them`,
      });
    return found.map(({ path, message }) => ({ path: ['views', index, ...path], message }));
  });
  // A view that is wrong in itself may be compared when it is right.
  const sound = views.map((view, index) => (problems[index]?.length === 0 ? view : undefined));
  return [...problems.flat(), ...checkPairs(sound)];
}

function readableView(content: unknown): ReadableView {
  const members = z.looseObject({}).safeParse(content);
  if (!members.success) return {};
  const fields = Object.entries(viewSchema.shape).flatMap(([name, schema]) => {
    const field = schema.safeParse(members.data[name]);
    return field.success ? [[name, field.data]] : [];
  });
  return Object.fromEntries(fields) as ReadableView;
}

/** An hour less than the shortest of the calendar, where clocks go forward. */
const calendarMs = { day: 23, week: 167, month: 671 } as const;

function shortestWindowMs({ tumbling, timeZone }: ViewDefinition['window']): number | undefined {
  if (!tumbling) return undefined;
  const isOfTheClock = timeZone === undefined && tumbling.sizeMs !== undefined;
  return isOfTheClock ? tumbling.sizeMs : calendarMs[tumbling.calendar ?? 'day'] * 3_600_000;
}

/** Each checks one view and returns problems with paths inside it. */
const rules: Readonly<Record<string, (view: ReadableView) => ViewProblem[]>> = {
  kindOfWindow({ window }) {
    if (!window || (window.tumbling === undefined) !== (window.hopping === undefined)) return [];
    return [{ path: ['window'], message: 'must be either tumbling or hopping' }];
  },

  calendar({ window }) {
    if (!window) return [];
    const { tumbling, offset, timeZone } = window;
    const isCalendar = tumbling?.calendar !== undefined;
    const problems: ViewProblem[] = [];
    if (timeZone !== undefined && !isCalendar) {
      const message =
        'is allowed only with tumbling: 1d, 1w, or 1mo; other windows do not depend on the time zone';
      problems.push({ path: ['window', 'timeZone'], message });
    }
    if (offset !== undefined && isCalendar && (timeZone ?? tumbling.sizeMs) === undefined) {
      problems.push({ path: ['window', 'offset'], message: 'is not allowed with 1w or 1mo' });
    } else if (offset !== undefined && isCalendar && timeZone !== undefined) {
      problems.push({ path: ['window', 'offset'], message: 'is not allowed with a time zone' });
    }
    return problems;
  },

  offset({ window }) {
    if (window?.offset === undefined) return [];
    const { offset, tumbling, hopping } = window;
    const stepMs = hopping?.every ?? tumbling?.sizeMs;
    if (stepMs === undefined || offset < stepMs) return [];
    const what = hopping ? 'every' : 'the length of the window';
    return [{ path: ['window', 'offset'], message: `must be less than ${what}` }];
  },

  length({ window }) {
    if (!window) return [];
    const { tumbling, hopping } = window;
    const lengths = [
      [['tumbling'], tumbling?.sizeMs],
      [['hopping', 'size'], hopping?.size],
      [['hopping', 'every'], hopping?.every],
    ] as const;
    return lengths.flatMap(([path, ms]): ViewProblem[] => {
      if (ms === undefined || ms <= windowMsMax) return [];
      return [{ path: ['window', ...path], message: 'must be at most 36525d (a hundred years)' }];
    });
  },

  overlap({ window }) {
    if (!window?.hopping) return [];
    const { size, every } = window.hopping;
    const windowsCount = Math.ceil(size / every);
    if (windowsCount <= windowsPerPointMax) return [];
    const message = `every point would be in ${windowsCount} windows, but at most ${windowsPerPointMax} are allowed; raise every, or shorten the window`;
    return [{ path: ['window', 'hopping', 'every'], message }];
  },

  fill({ fill, window }) {
    if (!fill || !window) return [];
    const problems: ViewProblem[] = [];
    const tell = (field: string, message: string) => {
      problems.push({ path: ['fill', field].filter((name) => name !== ''), message });
    };
    const needsValue = fill.method === 'constant';
    if (needsValue && fill.value === undefined) tell('', 'needs a value for method: constant');
    if (!needsValue && fill.value !== undefined)
      tell('value', 'is allowed only with method: constant');
    if (window.hopping)
      tell('', 'is allowed only with tumbling windows, because overlapping windows leave no gaps');
    const leastMs = shortestWindowMs(window);
    if (leastMs === undefined) return problems;
    if (fill.maxGap < leastMs)
      tell('maxGap', 'is shorter than a window, so no gap would be filled');
    if (fill.maxGap > gapWindowsMax * leastMs) {
      tell('maxGap', `is more than ${gapWindowsMax} windows`);
    }
    return problems;
  },

  duplicates({ duplicates, groupBy }) {
    if (duplicates === undefined || duplicates === 'count') return [];
    if (groupBy === undefined || groupBy === 'all') return [];
    const message = `${duplicates} is allowed only with groupBy: all, because a row of several series cannot recognize duplicates`;
    return [{ path: ['duplicates'], message }];
  },

  windowBounds({ groupBy, match }) {
    const problems: ViewProblem[] = [];
    const tell = (path: ViewProblem['path'], name: string) => {
      if (name !== 'window_start' && name !== 'window_end') return;
      problems.push({ path, message: `${name} is a dimension of view rows, not of points` });
    };
    for (const name of Object.keys(match?.where ?? {})) tell(['match', 'where', name], name);
    if (groupBy === undefined || groupBy === 'all') return problems;
    const isExcept = 'except' in groupBy;
    for (const [index, name] of (isExcept ? groupBy.except : groupBy).entries()) {
      tell(isExcept ? ['groupBy', 'except', index] : ['groupBy', index], name);
    }
    return problems;
  },

  measureNames: checkMeasureNames,
};

/** Pairs of views of which only one would get its rows stored. */
function checkPairs(views: readonly (ReadableView | undefined)[]): readonly ViewProblem[] {
  const days = new CalendarDays();
  const problems: ViewProblem[] = [];
  for (const [index, view] of views.entries()) {
    if (!view || !hasRows(view)) continue;
    for (const other of views.slice(0, index)) {
      if (!other || !hasRows(other)) continue;
      const collision = findRowCollision(view, other, days);
      if (!collision) continue;
      const message =
        `could write the same row as view ${other.name ?? ''}, and the store would keep only one of them: ` +
        `${describeCollision(collision)}; give one of the views another output.measure`;
      problems.push({ path: ['views', index, 'output', 'measure'], message });
    }
  }
  return problems;
}

function hasRows(view: ReadableView): view is ReadableView & RowsOfView {
  const { match, groupBy, window, aggregates, output } = view;
  return [match, groupBy, window, aggregates, output].every((field) => field !== undefined);
}
