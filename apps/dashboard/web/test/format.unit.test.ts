import { visit } from './fake-browser.ts';
import { afterEach, describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatClockMs,
  formatCount,
  formatDuration,
  formatNumber,
  formatTime,
  formatWindow,
} from '../lib/format.ts';

describe('a number', () => {
  it.each([
    [null, '–'],
    [undefined, '–'],
    [Number.NaN, '–'],
    [0, '0'],
    [0.123456, '0.1235'],
    [1.23456, '1.23'],
    [-99.999, '-100'],
    [123.456, '123.5'],
    [1_234.56, '1,235'],
    [1e15, '1.00e+15'],
    [0.00001, '1.00e-5'],
  ])('%s is shown as %s', (value, shown) => {
    expect(formatNumber(value)).toBe(shown);
  });
});

describe('a count', () => {
  it.each([
    [null, '–'],
    [0.26, '0.3'],
    [9_999, '9,999'],
    [12_345, '12.3k'],
    [1_250_000, '1.3M'],
  ])('%s is shown as %s', (value, shown) => {
    expect(formatCount(value)).toBe(shown);
  });
});

describe('bytes', () => {
  it.each([
    [null, '–'],
    [2_048, '2 KB'],
    [1_048_575, '1024 KB'],
    [1_048_576, '1 MB'],
  ])('%s are shown as %s', (value, shown) => {
    expect(formatBytes(value)).toBe(shown);
  });
});

describe('a duration', () => {
  it.each([
    [null, '–'],
    [999, '999 ms'],
    [1_500, '1.5 s'],
    [59_000, '59 s'],
    [60_000, '1 min'],
    [61_000, '1 min 1 s'],
    [3_600_000, '1 h'],
    [5_400_000, '1 h 30 min'],
    [90_000_000, '1 d 1 h'],
  ])('of %s ms is shown as %s', (value, shown) => {
    expect(formatDuration(value)).toBe(shown);
  });
});

describe('a time', () => {
  const timeMs = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
  const zone = process.env['TZ'];
  afterEach(() => {
    visit('/');
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });

  it('is in UTC, or in the zone of the browser if the address says so', () => {
    process.env['TZ'] = 'Asia/Kolkata';
    expect(formatTime(timeMs)).toBe('2026-01-02 03:04:05');
    expect(formatClockMs(timeMs)).toBe('03:04:05.678');
    visit('/explore?tz=local');
    expect(formatTime(timeMs)).toBe('2026-01-02 08:34:05');
  });

  it('of a window has seconds only if they are not zero', () => {
    const minuteMs = Date.UTC(2026, 0, 2, 3, 4);
    expect(formatWindow(minuteMs, minuteMs + 300_000)).toBe('03:04 – 03:09');
    expect(formatWindow(minuteMs, minuteMs + 30_000)).toBe('03:04:00 – 03:04:30');
    expect(formatWindow(minuteMs + 30_000, minuteMs + 60_000)).toBe('03:04:30 – 03:05:00');
  });
});
