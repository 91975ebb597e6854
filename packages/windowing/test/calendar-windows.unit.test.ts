import { pointLimits } from '@highwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startOfDay, zoneOf, type Zone } from '../src/views/zoned-date.ts';
import { view } from './operator-harness.ts';

const hourMs = 3_600_000;

function windowsOf(window: Record<string, unknown>) {
  return view({ window }).windows;
}

describe('calendar windows (case 19)', () => {
  const newYork = windowsOf({ tumbling: '1d', timeZone: 'America/New_York' });

  it.each([
    { day: '2026-03-08', startMs: 1_772_946_000_000, hours: 23 },
    { day: '2026-03-09', startMs: 1_773_028_800_000, hours: 24 },
    { day: '2026-11-01', startMs: 1_793_505_600_000, hours: 25 },
  ])('$day in New York has $hours hours', ({ startMs, hours }) => {
    const endMs = startMs + hours * hourMs;
    expect(newYork.assign(startMs)).toEqual([{ startMs, endMs }]);
    expect(newYork.assign(endMs - 1)).toEqual([{ startMs, endMs }]);
    expect(newYork.assign(endMs)[0]?.startMs).toBe(endMs);
  });

  it('puts half past midnight after the clock change into the new day', () => {
    expect(newYork.assign(1_773_030_600_000)[0]?.startMs).toBe(1_773_028_800_000);
  });

  it('starts a day whose midnight was skipped at its first instant', () => {
    const [day] = windowsOf({ tumbling: '1d', timeZone: 'America/Santiago' }).assign(
      Date.UTC(2026, 8, 6, 12),
    );
    expect(day).toEqual({ startMs: Date.UTC(2026, 8, 6, 4), endMs: Date.UTC(2026, 8, 7, 3) });
  });

  it.each([
    { window: '1w', at: '2026-11-22T10:00Z', start: '2026-11-16T00:00Z', end: '2026-11-23T00:00Z' },
    { window: '1w', at: '2026-11-23T00:00Z', start: '2026-11-23T00:00Z', end: '2026-11-30T00:00Z' },
    {
      window: '1mo',
      at: '2024-02-29T23:59Z',
      start: '2024-02-01T00:00Z',
      end: '2024-03-01T00:00Z',
    },
    {
      window: '1mo',
      at: '2026-12-31T23:59Z',
      start: '2026-12-01T00:00Z',
      end: '2027-01-01T00:00Z',
    },
    {
      window: '1mo',
      at: '1969-12-31T23:59Z',
      start: '1969-12-01T00:00Z',
      end: '1970-01-01T00:00Z',
    },
  ])('$at is in the $window from $start', ({ window, at, start, end }) => {
    const assigned = windowsOf({ tumbling: window }).assign(Date.parse(at));
    expect(assigned).toEqual([{ startMs: Date.parse(start), endMs: Date.parse(end) }]);
  });

  it('contains the first allowed instants of points, which are in the previous year in the west', () => {
    for (const tumbling of ['1d', '1w', '1mo']) {
      const windows = windowsOf({ tumbling, timeZone: 'America/Sao_Paulo' });
      for (const at of [pointLimits.timeMsMin, pointLimits.timeMsMin + 5 * hourMs]) {
        const [window] = windows.assign(at);
        expect(window?.startMs).toBeLessThanOrEqual(at);
        expect(window?.endMs).toBeGreaterThan(at);
      }
    }
  });

  // Goal: a point that is far from the one before costs not much more than any other. Method: to ask
  // for a date is what takes the time, so questions are counted; only where clocks change are they many.
  it('needs few dates to find where a day starts', () => {
    const zone = zoneOf('Europe/Paris');
    let asked = 0;
    const counting: Zone = {
      dateOf(timeMs) {
        asked += 1;
        return zone.dateOf(timeMs);
      },
      offsetMsAt(timeMs) {
        asked += 1;
        return zone.offsetMsAt(timeMs);
      },
    };
    const daysCount = 365;
    for (let day = 0; day < daysCount; day++) startOfDay(counting, 20_000 + day);
    expect(asked).toBeLessThan(3 * daysCount);
  });

  // Goal: the windows of a zone tile the time line, whatever its clocks do. Method: every event lies
  // in its window, and the next window starts exactly where that one ends.
  it('tile the time line in every zone', () => {
    const zones = ['UTC', 'America/New_York', 'America/Santiago', 'Pacific/Apia', 'Asia/Kathmandu'];
    const oddZones = ['Australia/Lord_Howe', 'America/Havana', 'America/St_Johns', 'Africa/Cairo'];
    const anyZone = fc.constantFrom(...zones, ...oddZones);
    const anyTimeMs = fc.integer({ min: Date.UTC(1995, 0), max: Date.UTC(2037, 0) });
    const property = fc.property(
      anyZone,
      fc.constantFrom('1d', '1w', '1mo'),
      anyTimeMs,
      (timeZone, tumbling, at) => {
        const windows = windowsOf({ tumbling, timeZone });
        const [window] = windows.assign(at);
        if (!window) throw new Error('an event has a window');
        expect(window.startMs <= at && at < window.endMs).toBe(true);
        expect(windows.assign(window.startMs)).toEqual([window]);
        expect(windows.next?.(window)).toEqual(windows.assign(window.endMs)[0]);
        expect(windows.assign(window.endMs)[0]?.startMs).toBe(window.endMs);
      },
    );
    fc.assert(property, { numRuns: 300 });
  });
});
