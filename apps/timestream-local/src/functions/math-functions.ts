import { failure } from '../types/failure.ts';
import { types } from '../types/sql-type.ts';
import { logarithmSql } from './logarithm.ts';
import { calls, scalar, type FunctionDefinition, type Render } from './function-definition.ts';

const keep: Render = ([value = '']) => value;

/** DuckDB refuses arguments out of a function's domain; Java answers NaN. */
const orNaN =
  (name: string, isOutside: (value: string) => string): Render =>
  ([value = '']) =>
    `(CASE WHEN ${isOutside(value)} THEN 'NaN'::DOUBLE ELSE ${name}(${value}) END)`;

/** Minus infinity at zero, NaN below. */
const logarithm =
  (name: string): Render =>
  ([value = '']) =>
    logarithmSql(value, name);

const double = (name: string, duck = name): FunctionDefinition =>
  scalar([[`${name}(double) -> double`, calls(duck)]]);

const infix =
  (operator: string): Render =>
  ([a, b]) =>
    `(${a} ${operator} ${b})`;

/** Whole numbers are their own ceiling. */
const rounding = (name: string, duck: string): FunctionDefinition =>
  scalar([
    [`${name}(integer) -> integer`, keep],
    [`${name}(bigint) -> bigint`, keep],
    [`${name}(double) -> double`, calls(duck)],
  ]);

/** Halves away from zero, as for doubles; exact for every whole number. */
const roundWhole =
  (type: 'INTEGER' | 'BIGINT'): Render =>
  ([value, digits]) => {
    const unit = `CAST(pow(10, least(19, - ${digits})) AS HUGEINT)`;
    const rounded = `((abs(CAST(${value} AS HUGEINT)) + ${unit} // 2) // ${unit} * ${unit} * sign(${value}))`;
    return `(CASE WHEN ${digits} >= 0 THEN ${value} ELSE CAST(${rounded} AS ${type}) END)`;
  };

const outsideOne = (value: string) => `abs(${value}) > 1`;

/** From the lower bound to below the upper one. */
const randomBelow = (min = '', max = '') =>
  `(CASE WHEN ${max} <= ${min} THEN ${failure('bound must be positive', types.bigint)} ELSE ${min} + CAST(floor(random() * (${max} - ${min})) AS BIGINT) END)`;

const modulo: Render = ([a, b]) =>
  `(CASE WHEN ${b} = 0 THEN ${failure('Division by zero', types.bigint)} ELSE ${a} % ${b} END)`;

export const mathFunctions: readonly FunctionDefinition[] = [
  scalar([['abs(N) -> N', calls('abs')]]),
  rounding('ceil', 'ceil'),
  rounding('ceiling', 'ceil'),
  rounding('floor', 'floor'),
  scalar([
    ['round(integer) -> integer', keep],
    ['round(bigint) -> bigint', keep],
    ['round(double) -> double', calls('round')],
    ['round(integer, integer) -> integer', roundWhole('INTEGER')],
    ['round(bigint, integer) -> bigint', roundWhole('BIGINT')],
    ['round(double, integer) -> double', calls('round')],
  ]),
  double('truncate', 'trunc'),
  scalar([
    ['sign(integer) -> integer', ([value]) => `CAST(sign(${value}) AS INTEGER)`],
    ['sign(bigint) -> bigint', ([value]) => `CAST(sign(${value}) AS BIGINT)`],
    ['sign(double) -> double', ([value]) => `CAST(sign(${value}) AS DOUBLE)`],
  ]),
  scalar([
    [
      'mod(integer, integer) -> integer',
      (args, facts) => `CAST(${modulo(args, facts)} AS INTEGER)`,
    ],
    ['mod(bigint, bigint) -> bigint', modulo],
    ['mod(double, double) -> double', infix('%')],
  ]),
  scalar([['sqrt(double) -> double', orNaN('sqrt', (value) => `${value} < 0`)]]),
  scalar([['cbrt(double) -> double', calls('cbrt')]], { note: 'the last digit may differ' }),
  double('exp'),
  scalar([['ln(double) -> double', logarithm('ln')]]),
  scalar([['log2(double) -> double', logarithm('log2')]]),
  scalar([['log10(double) -> double', logarithm('log10')]]),
  scalar([
    [
      'log(double, double) -> double',
      ([base = '', value = '']) => `(${logarithmSql(value)} / ${logarithmSql(base)})`,
    ],
  ]),
  scalar([['power(double, double) -> double', calls('pow')]]),
  scalar([['pow(double, double) -> double', calls('pow')]]),
  double('degrees'),
  double('radians'),
  ...['sin', 'cos', 'tan'].map((name) =>
    scalar([[`${name}(double) -> double`, orNaN(name, (value) => `isinf(${value})`)]]),
  ),
  double('sinh'),
  double('cosh'),
  double('tanh'),
  double('atan'),
  scalar([['atan2(double, double) -> double', calls('atan2')]]),
  scalar([['asin(double) -> double', orNaN('asin', outsideOne)]]),
  scalar([['acos(double) -> double', orNaN('acos', outsideOne)]]),
  scalar([['e() -> double', () => `CAST(exp(1) AS DOUBLE)`]]),
  scalar([['pi() -> double', () => 'pi()']]),
  scalar([['infinity() -> double', () => `'Infinity'::DOUBLE`]]),
  scalar([['nan() -> double', () => `'NaN'::DOUBLE`]]),
  scalar([['is_nan(double) -> boolean', calls('isnan')]]),
  scalar([['is_finite(double) -> boolean', calls('isfinite')]]),
  scalar([['is_infinite(double) -> boolean', calls('isinf')]]),
  ...['rand', 'random'].map((name) =>
    scalar([
      [`${name}() -> double`, () => 'random()'],
      [`${name}(integer) -> integer`, ([max]) => `CAST(${randomBelow('0', max)} AS INTEGER)`],
      [`${name}(bigint) -> bigint`, ([max]) => randomBelow('0', max)],
      [`${name}(bigint, bigint) -> bigint`, ([min, max]) => randomBelow(min, max)],
    ]),
  ),
  scalar([['from_base(varchar, bigint) -> bigint', calls('hw_from_base')]]),
  scalar([['to_base(bigint, bigint) -> varchar', calls('hw_to_base')]]),
  scalar([['bitwise_and(bigint, bigint) -> bigint', infix('&')]]),
  scalar([['bitwise_or(bigint, bigint) -> bigint', infix('|')]]),
  scalar([['bitwise_xor(bigint, bigint) -> bigint', calls('xor')]]),
  scalar([['bitwise_not(bigint) -> bigint', ([value]) => `(~ ${value})`]]),
  scalar([
    [
      'bit_count(bigint, bigint) -> bigint',
      ([value, bits]) =>
        `CAST(bit_count(CASE WHEN ${bits} >= 64 THEN ${value} ELSE ${value} & ((CAST(1 AS BIGINT) << CAST(${bits} AS INTEGER)) - 1) END) AS BIGINT)`,
    ],
  ]),
];
