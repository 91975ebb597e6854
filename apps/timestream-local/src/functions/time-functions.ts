import { floorTo } from './time-sql.ts';
import { scalar, type FunctionDefinition } from './function-definition.ts';

/** Floors to a multiple of the interval counted from the epoch, in whole numbers. */
const bin = ([value, step]: readonly string[]) =>
  `(${value} - ((${value} % ${step}) + ${step}) % ${step})`;

/** Functions of points in time and intervals, which are whole nanoseconds here. */
export const timeFunctions: readonly FunctionDefinition[] = [
  scalar([
    ['bin(timestamp, duration) -> timestamp', bin],
    ['bin(N, N) -> N', bin],
  ]),
  scalar([
    ['ago(duration) -> timestamp', ([step], { nowNs }) => `(CAST(${nowNs} AS BIGINT) - ${step})`],
  ]),
  scalar([['now() -> timestamp', (_, { nowNs }) => `CAST(${nowNs} AS BIGINT)`]]),
  scalar([['from_milliseconds(bigint) -> timestamp', ([value]) => `(${value} * 1000000)`]]),
  scalar([['from_nanoseconds(bigint) -> timestamp', ([value]) => value ?? '']]),
  scalar([
    [
      'from_unixtime(double) -> timestamp',
      ([value]) => `(CAST(round(${value} * 1000) AS BIGINT) * 1000000)`,
    ],
  ]),
  scalar([
    [
      'to_milliseconds(timestamp) -> bigint',
      ([value = '']) => `(${floorTo(value, 1_000_000)} // 1000000)`,
    ],
    ['to_milliseconds(duration) -> bigint', ([value]) => `(${value} // 1000000)`],
  ]),
  scalar([
    ['to_nanoseconds(timestamp) -> bigint', ([value]) => value ?? ''],
    ['to_nanoseconds(duration) -> bigint', ([value]) => value ?? ''],
  ]),
  scalar([
    ['to_unixtime(timestamp) -> double', ([value]) => `(${value} / CAST(1000000000 AS DOUBLE))`],
  ]),
  scalar([['parse_duration(varchar) -> duration', ([value]) => `hw_parse_duration(${value})`]]),
];
