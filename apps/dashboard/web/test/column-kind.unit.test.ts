import { describe, expect, it } from 'vitest';
import { columnKind, columnTimeMs } from '../query/column-kind.ts';

describe('columnKind', () => {
  it.each([
    ['TIMESTAMP', 'time'],
    ['timestamp with time zone', 'time'],
    ["DateTime64(9, 'UTC')", 'time'],
    ["Nullable(DateTime('UTC'))", 'time'],
    ['DOUBLE', 'number'],
    ['double precision', 'number'],
    ['numeric', 'number'],
    ['Float64', 'number'],
    ['Nullable(UInt64)', 'number'],
    ['Decimal(18, 3)', 'number'],
    ['VARCHAR', 'text'],
    ['text', 'text'],
    ['LowCardinality(Nullable(String))', 'text'],
    ['BOOLEAN', 'other'],
    ['Array(Float64)', 'other'],
    ['unknown', 'other'],
  ])('knows that %s is %s', (type, kind) => {
    expect(columnKind(type)).toBe(kind);
  });
});

describe('columnTimeMs', () => {
  const ms = Date.UTC(2026, 0, 2, 3, 4, 5);
  it.each([
    ['2026-01-02 03:04:05.120000000', ms + 120],
    ['2026-01-02 03:04:05+00', ms],
    ['2026-01-02 03:04:05.123456+00', ms + 123],
    ['2026-01-02 05:34:05.5+02:30', ms + 500],
    ['2026-01-02 03:04:05', ms],
    ['2026-01-02T03:04:05Z', ms],
    ['yesterday', Number.NaN],
    ['', Number.NaN],
  ])('reads %s', (text, expected) => {
    expect(columnTimeMs(text)).toBe(expected);
  });
});
