import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  filterTerms,
  identifier,
  intervalText,
  literal,
  parseTimeMs,
  windowBound,
} from '../../src/reading/sql-text.ts';

describe('text in statements', () => {
  // Goal: no value leaves its quotes. Method: any text. Inside the outer quotes, every quote is
  // doubled.
  it('keeps any value inside its quotes', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(literal(text).slice(1, -1).replaceAll("''", '')).not.toContain("'");
        expect(literal(text).slice(1, -1).replaceAll("''", "'")).toBe(text);
        expect(identifier(text).slice(1, -1).replaceAll('""', '')).not.toContain('"');
      }),
    );
  });

  it('skips a dimension without chosen values', () => {
    expect(filterTerms({ region: [], host: ["o'hara"] })).toEqual([`"host" IN ('o''hara')`]);
  });

  it('reads the bound of a window in the same format as it writes it', () => {
    const timeMs = Date.UTC(2026, 10, 22, 8, 15, 30, 123);
    expect(windowBound(timeMs)).toBe('2026-11-22 08:15:30.123');
    expect(parseTimeMs(windowBound(timeMs))).toBe(timeMs);
    expect(parseTimeMs('2026-11-22 08:15:30.123456789')).toBe(timeMs);
  });

  it.each([
    [200, '200ms'],
    [15_000, '15s'],
    [300_000, '5m'],
    [7_200_000, '2h'],
    [86_400_000, '1d'],
  ])('writes %i ms as %s', (widthMs, text) => expect(intervalText(widthMs)).toBe(text));
});
