import { describe, expect, it } from 'vitest';
import { hasShownLines } from './shown-output.ts';

describe('hasShownLines', () => {
  it('compares the parts that do not vary', () => {
    const shown = '│ 2026-11-29 07:58:10.000 │ 21.0  │\n';
    expect(hasShownLines('noise\n│ 2027-01-01 00:00:00.000 │ 21.0 │\n', shown)).toBe(true);
    expect(hasShownLines('│ 2027-01-01 00:00:00.000 │ 21.5 │\n', shown)).toBe(false);
  });

  it('accepts anything for …, and lines only in order', () => {
    expect(hasShownLines('x "points":3, y\nend\n', '…"points":3,…\nend\n')).toBe(true);
    expect(hasShownLines('end\nx "points":3, y\n', '…"points":3,…\nend\n')).toBe(false);
    expect(hasShownLines('x "points":1, y\n', '…"points":3,…\n')).toBe(false);
  });
});
