import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeSetting, settings, withDefault } from '../src/index.ts';

const valuesOf = (setting: z.ZodType) => describeSetting('HW_X', setting).values;

describe('describeSetting', () => {
  it.each([
    [z.enum(['a']), 'a'],
    [z.enum(['a', 'b']), 'a or b'],
    [z.enum(['a', 'b', 'c']).optional(), 'a, b, or c'],
    [z.stringbool().default(true), 'true or false'],
    [z.coerce.number().int().min(1).max(5).default(2), 'a whole number from 1 to 5'],
    [z.coerce.number().int().min(1), 'a whole number, 1 or more'],
    [z.coerce.number().max(7), 'a number, 7 or less'],
    [z.coerce.number().positive(), 'a number above 0'],
    [z.coerce.number(), 'a number'],
    [z.string().min(3).max(9), '3 to 9 characters'],
    [z.string().min(3), '3 characters or more'],
    [z.string().min(1), undefined],
    [z.string().meta({ values: 'twelve digits' }).optional(), 'twelve digits'],
    [settings.HW_KINESIS_START, 'TRIM_HORIZON, LATEST, or a time such as 2026-01-31T12:00:00Z'],
    [settings.HW_HTTP_HOST_NAMES, 'host names without scheme, port, or path, separated by commas'],
  ])('puts the allowed values into words (case %#)', (setting, words) => {
    expect(valuesOf(setting)).toBe(words);
  });

  it.each([
    ['HW_WAIT_MS', 10_000, '10000 (10 s)'],
    ['HW_WAIT_MS', 900_000, '900000 (15 min)'],
    ['HW_WAIT_MS', 200, '200'],
    ['HW_WAIT_MS', 0, '0'],
    ['HW_FILE_BYTES_MAX', 2 ** 30, '1073741824 (1 GiB)'],
    ['HW_ROWS_MAX', 60_000, '60000'],
  ])('shows the default of %s, %d, as %s', (name, value, shown) => {
    const setting = z.coerce.number().default(value);
    expect(describeSetting(name, setting).fallback).toBe(shown);
  });

  it('shows a default that the program computes', () => {
    const { fallback } = describeSetting('HW_LEASES_TABLE', settings.HW_LEASES_TABLE);
    expect(fallback).toBe('highwater-<service>-leases');
  });

  it('knows what must be set', () => {
    expect(describeSetting('HW_X', z.string()).isRequired).toBe(true);
    expect(describeSetting('HW_X', z.string().optional()).isRequired).toBe(false);
  });
});

describe('withDefault', () => {
  it('changes the default and nothing else', () => {
    const setting = withDefault(settings.HW_GENERATOR_RATE, 1_000);
    const { fallback, ...words } = describeSetting('HW_GENERATOR_RATE', setting);
    const { fallback: _unset, ...before } = describeSetting(
      'HW_GENERATOR_RATE',
      settings.HW_GENERATOR_RATE,
    );
    expect(fallback).toBe('1000');
    expect(words).toEqual(before);
    expect(setting.safeParse('0').success).toBe(false);
  });
});
