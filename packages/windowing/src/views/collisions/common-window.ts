import { pointLimits } from '@highwater/model';
import type { HoppingWindows } from '../hopping-windows.ts';
import type { TimeWindow } from '../../time-window.ts';
import type { ViewDefinition } from '../view-schema.ts';
import type { CalendarSpan } from '../window-schema.ts';
import { everyRange, exampleRange, type CalendarDays } from './calendar-days.ts';

type WindowDefinition = ViewDefinition['window'];
interface Calendar {
  readonly span: CalendarSpan;
  readonly timeZone: string;
}

/**
 * A window that two views have both, with the same start and the same end.
 *
 * @returns `unknown` when there may be one and none was found; undefined when there is none
 */
export function commonWindow(
  a: WindowDefinition,
  b: WindowDefinition,
  days: CalendarDays,
): TimeWindow | 'unknown' | undefined {
  const [left, right] = [calendarOf(a), calendarOf(b)];
  if (left && right) return left.span === right.span ? sharedDays(left, right, days) : undefined;
  if (left) return sharedSteps(left, regular(b), days);
  if (right) return sharedSteps(right, regular(a), days);
  return meeting(regular(a), regular(b));
}

/** Whether two clock-based views surely share no window: a fast check, unlike the rest. */
export function neverMeet(a: WindowDefinition, b: WindowDefinition): boolean {
  return !calendarOf(a) && !calendarOf(b) && meeting(regular(a), regular(b)) === undefined;
}

/** The calendar that a view uses; undefined for a clock-based view. */
function calendarOf({ tumbling, timeZone }: WindowDefinition): Calendar | undefined {
  if (!tumbling?.calendar) return undefined;
  if (timeZone === undefined && tumbling.sizeMs !== undefined) return undefined;
  return { span: tumbling.calendar, timeZone: timeZone ?? 'UTC' };
}

function regular({ tumbling, hopping, offset: offsetMs = 0 }: WindowDefinition): HoppingWindows {
  if (hopping) return { sizeMs: hopping.size, everyMs: hopping.every, offsetMs };
  const sizeMs = tumbling?.sizeMs ?? Number.NaN;
  return { sizeMs, everyMs: sizeMs, offsetMs };
}

/** The first window that both have from 2026 on, or otherwise the last one before. */
function meeting(a: HoppingWindows, b: HoppingWindows): TimeWindow | undefined {
  if (a.sizeMs !== b.sizeMs) return undefined;
  const [everyA, everyB] = [BigInt(a.everyMs), BigInt(b.everyMs)];
  const { divisor, factor } = commonDivisor(everyA, everyB);
  const apart = BigInt(b.offsetMs) - BigInt(a.offsetMs);
  if (apart % divisor !== 0n) return undefined;
  // The Chinese remainder theorem: starts of both are this far apart from each other, from here on.
  const period = (everyA / divisor) * everyB;
  const some = BigInt(a.offsetMs) + everyA * ((apart / divisor) * factor);
  const from = BigInt(exampleRange.fromDay) * 86_400_000n;
  const next = from + modulo(some - from, period);
  return [next, next - period]
    .map((start) => ({ startMs: Number(start), endMs: Number(start) + a.sizeMs }))
    .find(takesPoints);
}

function takesPoints({ startMs, endMs }: TimeWindow): boolean {
  return startMs <= pointLimits.timeMsMax && endMs > pointLimits.timeMsMin;
}

/** The greatest common divisor, and what to multiply `a` by to get it, modulo `b`. */
function commonDivisor(a: bigint, b: bigint): { divisor: bigint; factor: bigint } {
  let [divisor, rest] = [a, b];
  let [factor, nextFactor] = [1n, 0n];
  while (rest !== 0n) {
    const quotient = divisor / rest;
    [divisor, rest] = [rest, divisor - quotient * rest];
    [factor, nextFactor] = [nextFactor, factor - quotient * nextFactor];
  }
  return { divisor, factor };
}

function modulo(value: bigint, by: bigint): bigint {
  return ((value % by) + by) % by;
}

function sharedDays(a: Calendar, b: Calendar, days: CalendarDays): TimeWindow | undefined {
  for (const range of [exampleRange, everyRange]) {
    const others = days.windows(b.span, b.timeZone, range);
    let other = others.next();
    for (const window of days.windows(a.span, a.timeZone, range)) {
      while (!other.done && other.value.startMs < window.startMs) other = others.next();
      if (other.done) break;
      const { startMs, endMs } = other.value;
      if (startMs === window.startMs && endMs === window.endMs) return window;
    }
  }
  return undefined;
}

function sharedSteps(
  { span, timeZone }: Calendar,
  { sizeMs, everyMs, offsetMs }: HoppingWindows,
  days: CalendarDays,
): TimeWindow | 'unknown' | undefined {
  // Calendars repeat by the day or the week; an odd step may meet them in a year beyond the range.
  const step = BigInt(span === 'week' ? 7 * 86_400_000 : 86_400_000);
  const commonMs = Number(commonDivisor(BigInt(everyMs), step).divisor);
  let isPossible = false;
  for (const range of [exampleRange, everyRange]) {
    for (const window of days.windows(span, timeZone, range)) {
      if (window.endMs - window.startMs !== sizeMs) continue;
      if ((window.startMs - offsetMs) % everyMs === 0) return window;
      isPossible ||= (window.startMs - offsetMs) % commonMs === 0;
    }
  }
  return isPossible ? 'unknown' : undefined;
}
