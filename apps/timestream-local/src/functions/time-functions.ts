import { addMonths } from '../types/add-months.ts';
import { failure } from '../types/failure.ts';
import { sinceEpoch } from '../types/since-epoch.ts';
import { floorTo } from './time-sql.ts';
import { scalar, type FunctionDefinition, type Render } from './function-definition.ts';

/** Floors to a multiple of the interval counted from the epoch, in whole numbers. */
const bin: Render = ([value, step = ''], { returns }) => {
  const sql = `(${value} - ((${value} % ${step}) + ${step}) % ${step})`;
  const isConstant = /^(?:[1-9]\d*|CAST\([1-9]\d* AS BIGINT\))$/.test(step);
  if (isConstant) return sql;
  return `(CASE WHEN ${step} <= 0 THEN ${failure('bin takes an interval above zero', returns)} ELSE ${sql} END)`;
};

/** Functions of points in time and intervals, which are whole nanoseconds here. */
export const timeFunctions: readonly FunctionDefinition[] = [
  scalar([
    ['bin(timestamp, duration) -> timestamp', bin],
    ['bin(N, N) -> N', bin],
  ]),
  scalar([
    [
      'ago(duration) -> timestamp',
      ([step], { nowNs }) => sinceEpoch(`(CAST(${nowNs} AS BIGINT) - ${step})`),
    ],
    [
      'ago(months) -> timestamp',
      ([step = ''], { nowNs }) => addMonths(`CAST(${nowNs} AS BIGINT)`, '-', step),
    ],
  ]),
  scalar([['now() -> timestamp', (_, { nowNs }) => `CAST(${nowNs} AS BIGINT)`]]),
  scalar([
    ['from_milliseconds(bigint) -> timestamp', ([value]) => sinceEpoch(`(${value} * 1000000)`)],
  ]),
  scalar([['from_nanoseconds(bigint) -> timestamp', ([value = '']) => sinceEpoch(value)]]),
  scalar([
    [
      'from_unixtime(double) -> timestamp',
      ([value]) => sinceEpoch(`(CAST(round(${value} * 1000) AS BIGINT) * 1000000)`),
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
