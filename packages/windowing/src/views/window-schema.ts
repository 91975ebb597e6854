import { z } from 'zod';
import { durationSchema } from './duration.ts';
import { isTimeZone } from './zoned-date.ts';

/** Spans of the calendar that a window can be. */
export type CalendarSpan = 'day' | 'week' | 'month';

/** The length of a tumbling window: of the clock, or of the calendar of a time zone. */
export type TumblingLength =
  | { readonly sizeMs: number; readonly calendar?: CalendarSpan | undefined }
  | { readonly sizeMs?: undefined; readonly calendar: CalendarSpan };

/** A day is both: 24 hours without a time zone, 23 to 25 in one. */
const calendarLengths: Readonly<Record<string, TumblingLength>> = {
  '1d': { sizeMs: 86_400_000, calendar: 'day' },
  '1w': { calendar: 'week' },
  '1mo': { calendar: 'month' },
};

const tumblingSchema = z
  .string()
  .regex(
    /^(\d{1,12}(ms|s|m|h|d)|1w|1mo)$/,
    'must be a whole number and a unit (ms, s, m, h, or d), or a calendar week (1w) or month (1mo)',
  )
  .transform((text): TumblingLength => {
    return calendarLengths[text] ?? { sizeMs: durationSchema.parse(text) };
  })
  .refine(({ sizeMs }) => sizeMs !== 0, 'must be longer than zero');

const positiveDuration = durationSchema.refine((ms) => ms > 0, 'must be longer than zero');

const hoppingSchema = z.strictObject({
  size: positiveDuration.describe('Length of a window'),
  every: positiveDuration.describe(
    'Time from the start of one window to the start of the next. A point is in at most 1,000 windows',
  ),
});

/** How a view divides time. `view-rules.ts` checks which fields can be combined. */
export const windowSchema = z.strictObject({
  tumbling: tumblingSchema
    .optional()
    .describe(
      'Length of windows that do not overlap, such as 30s, 5m, 1h, or 1d, or a calendar week (1w) or month (1mo)',
    ),
  hopping: hoppingSchema
    .optional()
    .describe('Windows of one length that start at a regular interval, and may overlap'),
  offset: durationSchema
    .optional()
    .describe(
      'Time by which the start of each window is shifted. Must be shorter than a tumbling window, or than every',
    ),
  timeZone: z
    .string()
    .refine(isTimeZone, 'is not an IANA time zone; use a name such as Europe/Paris')
    .optional()
    .describe(
      'IANA time zone of the days, weeks, or months, for 1d, 1w, and 1mo only. If unset, UTC',
    ),
});
