import { describe, expect, it } from 'vitest';
import { correctionOf } from './correction-of.ts';
import { correctionKey, rowKey } from '../corrections/correction-key.ts';
import { seriesLabel, tellingDimension } from '../parts/series-label.ts';
import { tooLateOf } from '../pipeline/too-late.ts';

const correction = correctionOf({ dimensions: { host: 'a', region: 'north' } });

describe('the key of a row', () => {
  it('does not depend on the order of its dimensions, nor on when it changed', () => {
    const same = { ...correction, dimensions: { region: 'north', host: 'a' }, knownAtMs: 60 };
    expect(rowKey(same)).toBe(rowKey(correction));
    expect(correctionKey(same)).not.toBe(correctionKey(correction));
  });

  it.each([
    { measure: 'max_tide' },
    { dimensions: { host: 'b', region: 'north' } },
    { windowStartMs: 5 },
    { windowEndMs: 20 },
  ])('distinguishes %o', (change) => {
    expect(rowKey({ ...correction, ...change })).not.toBe(rowKey(correction));
  });
});

describe('the label of a series', () => {
  it.each([
    { dimensions: { region: 'north', host: 'h-1', instance_name: 'i-1' }, label: 'i-1' },
    { dimensions: { region: 'north', host: 'h-1' }, label: 'h-1' },
    { dimensions: { region: 'north', zone: '3', line: 'x' }, label: 'north · 3' },
    { dimensions: { region: 'north' }, label: 'north' },
    { dimensions: { host: 'h-1.amazonaws.com' }, label: 'h-1' },
    { dimensions: {}, label: '' },
  ])('is "$label" for $dimensions', ({ dimensions, label }) => {
    expect(seriesLabel(dimensions)).toBe(label);
  });

  it('keeps both ends of a long value', () => {
    const host = `${'a'.repeat(20)}${'b'.repeat(20)}`;
    expect(seriesLabel({ host })).toBe(`${'a'.repeat(16)}…${'b'.repeat(16)}`);
    expect(seriesLabel({ host: 'c'.repeat(34) })).toBe('c'.repeat(34));
  });

  it('names the most informative dimension, or the first', () => {
    expect(tellingDimension({ region: 'north', host: 'a' })).toEqual(['host', 'a']);
    expect(tellingDimension({ region: 'north', zone: '3' })).toEqual(['region', 'north']);
    expect(tellingDimension({})).toBeUndefined();
  });
});

it('adds up points that are too late, if both counts are known', () => {
  const totals = { refined: 1, corrected: 1, deadLetters: 1 };
  expect(tooLateOf({ ...totals, tooLate: 2, partlyTooLate: 3 })).toBe(5);
  expect(tooLateOf({ ...totals, tooLate: 2, partlyTooLate: null })).toBeNull();
  expect(tooLateOf({ ...totals, tooLate: null, partlyTooLate: 3 })).toBeNull();
});
