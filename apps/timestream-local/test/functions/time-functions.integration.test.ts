import { describe, expect, it } from 'vitest';
import { evaluate, type ExpressionCase } from './expression-cases.ts';

/** `2022-06-17 10:15:20`, as in the service's own examples. */
const at = `timestamp '2022-06-17 10:15:20.123456789'`;

describe('functions of time', () => {
  it('start bins at the epoch', async () => {
    const cases: readonly ExpressionCase[] = [
      [`bin('2022-06-17 10:15:20', 5m)`, '2022-06-17 10:15:00.000000000'],
      [`bin(timestamp '2022-06-17 10:15:20', 30day)`, '2022-05-28 00:00:00.000000000'],
      [`bin(timestamp '2022-06-17 10:15:20', 10day)`, '2022-06-17 00:00:00.000000000'],
      [`bin(${at}, 1us)`, '2022-06-17 10:15:20.123456000'],
    ];
    expect(await evaluate(cases)).toEqual(cases);
  });

  it('keep nanoseconds in arithmetic', async () => {
    const cases: readonly ExpressionCase[] = [
      [`${at} + 1ns`, '2022-06-17 10:15:20.123456790'],
      [`${at} - 1d`, '2022-06-16 10:15:20.123456789'],
      [`${at} + 1month`, '2022-07-17 10:15:20.123456789'],
      [`timestamp '2022-01-31 00:00:00.000000001' + 1month`, '2022-02-28 00:00:00.000000001'],
      [`date '2022-06-17' + 1d`, '2022-06-18'],
      [`time '23:30:00' + 1h`, '00:30:00.000000000'],
      [`2 * 90m`, '0 03:00:00.000000000'],
      [`1h / 2`, '0 00:30:00.000000000'],
      [`-5m`, '-0 00:05:00.000000000'],
      ["interval '1 02:03' day to minute", '1 02:03:00.000000000'],
      [`parse_duration('42.8ms')`, '0 00:00:00.042800000'],
      [`parse_duration('3 s')`, '0 00:00:03.000000000'],
      [`5x`, '!The query syntax is invalid at line 1:8'],
    ];
    expect(await evaluate(cases)).toEqual(cases);
  });

  it('know the clock', async () => {
    const cases: readonly ExpressionCase[] = [
      ['now()', '2024-03-10 12:00:00.000000000'],
      ['ago(1h)', '2024-03-10 11:00:00.000000000'],
      ['current_timestamp', '2024-03-10 12:00:00.000000000'],
      ['current_date', '2024-03-10'],
      ['current_time', '12:00:00.000000000'],
      ['from_milliseconds(1655461812345)', '2022-06-17 10:30:12.345000000'],
      ['from_nanoseconds(1655461812345678901)', '2022-06-17 10:30:12.345678901'],
      ['from_unixtime(1655461812.5)', '2022-06-17 10:30:12.500000000'],
      [`to_milliseconds(${at})`, '1655460920123'],
      [`to_nanoseconds(${at})`, '1655460920123456789'],
      [`to_unixtime('2022-06-17 10:15:20')`, '1.65546092E9'],
      ['to_milliseconds(1h)', '3600000'],
    ];
    expect(await evaluate(cases)).toEqual(cases);
  });

  it('know the calendar', async () => {
    const cases: readonly ExpressionCase[] = [
      [`date_trunc('hour', ${at})`, '2022-06-17 10:00:00.000000000'],
      [`date_trunc('week', ${at})`, '2022-06-13 00:00:00.000000000'],
      [`date_trunc('quarter', ${at})`, '2022-04-01 00:00:00.000000000'],
      [`date_trunc('year', date '2022-06-17')`, '2022-01-01'],
      [`date_trunc('decade', ${at})`, `!line 1:8: 'decade' is not a valid Timestamp field`],
      [`date_add('hour', 9, timestamp '2022-06-17 00:00')`, '2022-06-17 09:00:00.000000000'],
      [`date_add('month', -4, date '2022-06-30')`, '2022-02-28'],
      [`date_diff('day', '2020-03-02', '2020-03-15')`, '13'],
      [`date_diff('hour', timestamp '2022-06-17 00:59', timestamp '2022-06-17 01:00')`, '0'],
      [`date_diff('month', timestamp '2020-01-31', timestamp '2020-02-29')`, '1'],
      [`year(${at})`, '2022'],
      [`quarter(${at})`, '2'],
      [`week(date '2021-01-03')`, '53'],
      [`year_of_week(date '2021-01-03')`, '2020'],
      [`day_of_week(date '2022-06-18')`, '6'],
      [`extract(day_of_year FROM ${at})`, '168'],
      [`hour(${at})`, '10'],
      [`millisecond(${at})`, '123'],
      [`minute(time '10:15:20')`, '15'],
      [`day(36h)`, '1'],
      [`hour(36h)`, '12'],
      [`extract(year FROM interval '3-2' year to month)`, '3'],
      ['month(14month)', '2'],
      [`last_day_of_month(date '2020-02-01')`, '2020-02-29'],
      [`date(${at})`, '2022-06-17'],
    ];
    expect(await evaluate(cases)).toEqual(cases);
  });

  it('write and read formats', async () => {
    const cases: readonly ExpressionCase[] = [
      [
        `date_format(${at}, '%Y-%m-%d %H:%i:%s.%f %a %b %j %p %%')`,
        '2022-06-17 10:15:20.123456 Fri Jun 168 AM %',
      ],
      [`date_format(${at}, '%D')`, '!%D not supported in date format string'],
      [`date_parse('2022/06/17 at 10', '%Y/%m/%d at %H')`, '2022-06-17 10:00:00.000000000'],
      [`date_parse('x', '%Y')`, '!Invalid format: "x" is malformed at "x"'],
      [
        `format_datetime(${at}, 'yyyy-MM-dd''T''HH:mm:ss.SSS EEE MMMM h a Z')`,
        '2022-06-17T10:15:20.123 Fri June 10 AM +0000',
      ],
      [
        `parse_datetime('2022-06-17 10:15 +0200', 'yyyy-MM-dd HH:mm Z')`,
        '2022-06-17 08:15:00.000000000',
      ],
      [`parse_datetime('20220617', 'yyyyMMdd')`, '2022-06-17 00:00:00.000000000'],
      [`from_iso8601_timestamp('2022-06-17T10:15:20.5+02:00')`, '2022-06-17 08:15:20.500000000'],
      [`from_iso8601_timestamp('2022-06-17')`, '2022-06-17 00:00:00.000000000'],
      [`from_iso8601_timestamp('2022-06')`, '2022-06-01 00:00:00.000000000'],
      [`from_iso8601_timestamp('2022-06-17T10-02')`, '2022-06-17 12:00:00.000000000'],
      [`from_iso8601_date('2022-06-17')`, '2022-06-17'],
      [`to_iso8601(${at})`, '2022-06-17T10:15:20.123456789Z'],
      ['human_readable_seconds(96)', '1 minute, 36 seconds'],
      ['human_readable_seconds(3762)', '1 hour, 2 minutes, 42 seconds'],
    ];
    expect(await evaluate(cases)).toEqual(cases);
  });
});
