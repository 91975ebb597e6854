import { gapWindowsMax } from '@highwater/model';
import { z } from 'zod';
import type { ViewProblem } from './view-problem.ts';
import { viewSchema, type ViewDefinition } from './view-schema.ts';

/** The fields of a view that could be read; the others have problems of their own. */
type ReadableView = { readonly [Field in keyof ViewDefinition]?: ViewDefinition[Field] };

/** A point is folded into this many windows at most. */
const windowsPerPointMax = 1_000;

/**
 * What no single field can tell: fields that do not go together, and views that do not.
 *
 * Works on what can be read of the file, so that these problems are found beside the others.
 *
 * @param content the parsed file, valid or not
 */
export function checkRules(content: unknown): readonly ViewProblem[] {
  const file = z.looseObject({ views: z.array(z.unknown()) }).safeParse(content);
  if (!file.success) return [];
  const views = file.data.views.map(readableView);
  const names = views.map(({ name }) => name);
  return views.flatMap((view, index) => {
    const problems = Object.values(rules).flatMap((rule) => rule(view));
    const isTaken = view.name !== undefined && names.indexOf(view.name) < index;
    if (isTaken)
      problems.push({ path: ['name'], message: `"${view.name}" names another view too` });
    return problems.map(({ path, message }) => ({ path: ['views', index, ...path], message }));
  });
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

/** Each looks at one view and gives problems with paths inside it. */
const rules: Readonly<Record<string, (view: ReadableView) => ViewProblem[]>> = {
  kindOfWindow({ window }) {
    if (!window || (window.tumbling === undefined) !== (window.hopping === undefined)) return [];
    return [{ path: ['window'], message: 'is either tumbling or hopping' }];
  },

  calendar({ window }) {
    if (!window) return [];
    const { tumbling, offset, timeZone } = window;
    const isCalendar = tumbling?.calendar !== undefined;
    const problems: ViewProblem[] = [];
    if (timeZone !== undefined && !isCalendar) {
      const message = 'goes with tumbling: 1d, 1w or 1mo; other windows are alike everywhere';
      problems.push({ path: ['window', 'timeZone'], message });
    }
    if (offset !== undefined && isCalendar && (timeZone ?? tumbling.sizeMs) === undefined) {
      problems.push({ path: ['window', 'offset'], message: 'does not go with 1w and 1mo' });
    } else if (offset !== undefined && isCalendar && timeZone !== undefined) {
      problems.push({ path: ['window', 'offset'], message: 'does not go with a time zone' });
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

  overlap({ window }) {
    if (!window?.hopping) return [];
    const { size, every } = window.hopping;
    const windowsCount = Math.ceil(size / every);
    if (windowsCount <= windowsPerPointMax) return [];
    const message = `every point would be in ${windowsCount} windows, at most ${windowsPerPointMax}`;
    return [{ path: ['window', 'hopping', 'every'], message }];
  },

  fill({ fill, window }) {
    if (!fill || !window) return [];
    const problems: ViewProblem[] = [];
    const tell = (field: string, message: string) => {
      problems.push({ path: ['fill', field].filter((name) => name !== ''), message });
    };
    const needsValue = fill.method === 'constant';
    if (needsValue && fill.value === undefined) tell('', 'method: constant needs a value');
    if (!needsValue && fill.value !== undefined) tell('value', 'goes with method: constant');
    if (window.hopping) tell('', 'goes with tumbling windows; those that overlap leave no gaps');
    const leastMs = shortestWindowMs(window);
    if (leastMs === undefined) return problems;
    if (fill.maxGap < leastMs) tell('maxGap', 'is shorter than a window, so nothing is filled');
    if (fill.maxGap > gapWindowsMax * leastMs) {
      tell('maxGap', `is more than ${gapWindowsMax} windows`);
    }
    return problems;
  },

  duplicates({ duplicates, groupBy }) {
    if (duplicates === undefined || duplicates === 'count') return [];
    if (groupBy === undefined || groupBy === 'all') return [];
    const message = `${duplicates} goes with groupBy: all; a row of several series cannot tell`;
    return [{ path: ['duplicates'], message }];
  },

  measureNames({ aggregates, output }) {
    if (!aggregates || !output) return [];
    const problems: ViewProblem[] = [];
    for (const [index, aggregate] of aggregates.entries()) {
      if (aggregates.indexOf(aggregate) < index) {
        problems.push({ path: ['aggregates', index], message: `${aggregate} is listed twice` });
      }
    }
    if (aggregates.length > 1 && !output.measure.includes('{aggregate}')) {
      const message = 'must hold {aggregate}, or the rows of several aggregates would be one';
      problems.push({ path: ['output', 'measure'], message });
    }
    return problems;
  },
};
