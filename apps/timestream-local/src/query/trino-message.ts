type Rule = readonly [pattern: RegExp, text: (...groups: readonly string[]) => string];

const typeNames: Readonly<Record<string, string>> = { INT32: 'integer', INT64: 'bigint' };

/** DuckDB's messages about errors in a row. */
const valueRules: readonly Rule[] = [
  [
    /^Overflow in (addition|subtraction|multiplication) of (INT32|INT64) \((.+)\)!$/,
    (operation = '', type = '', operands = '') =>
      `${typeNames[type]} ${operation} overflow: ${operands}`,
  ],
  [/^Overflow in negation/, () => 'negation overflow'],
  [
    /^Overflow on abs\((-?\d+)\)$/,
    (value = '') => `Value ${value} is out of range for the function abs`,
  ],
  [
    /^Type \w+ with value (-?\d+) can't be cast .* destination type UINT64$/,
    () => 'Negative time: points in time before 1970-01-01 are not supported',
  ],
  [
    /^Type \w+ with value (\S+) can't be cast .* destination type (INT32|INT64)$/,
    (value = '', type = '') => `Out of range for ${typeNames[type]}: ${value}`,
  ],
  [/^Date and time not in timestamp range$/, () => 'Point in time is out of range'],
  [/ is out of range!$/, () => 'Numeric value is out of range'],
  [
    /^More than one row returned by a subquery/,
    () => 'Scalar sub-query has returned multiple rows',
  ],
  [/^Invalid escape string/, () => 'Escape string must be a single character'],
  [
    /^Like pattern must not end with escape/,
    () => `Escape character must be followed by '%', '_' or the escape character itself`,
  ],
  [/^Invalid UTF8 Codepoint (-?\d+)$/, (code = '') => `Not a valid Unicode code point: ${code}`],
  [/^Argument for ntile/, () => 'Buckets must be greater than 0'],
  [/^Invalid RANGE (?:PRECEDING|FOLLOWING) value$/, () => frameOffset],
  [
    /^Invalid input for .*: n value must be > 0$/,
    () => 'The number of values of min, max, min_by and max_by must be above zero',
  ],
  [
    /^Invalid input for .*: n value must be < (\d+)$/,
    (most = '') => `The number of values of min, max, min_by and max_by must be below ${most}`,
  ],
  [
    /^((?:missing|unexpected|no argument|bad repetition|invalid (?:character|escape|perl|named|repetition|UTF-8)|trailing)(?: [^:]*)?(?:: .*)?)$/,
    (detail = '') => `Invalid regular expression: ${detail}`,
  ],
];

const frameOffset = 'Window frame offset value must not be negative or null';

/** The same for statements that this server's compiler accepts but DuckDB does not. */
const statementRules: readonly Rule[] = [
  [/^QUANTILE can only take parameters in the range/, () => 'Percentile must be between 0 and 1'],
  [
    /^frame starting from current row cannot have preceding/,
    () => 'Window frame starting from CURRENT ROW cannot end with PRECEDING',
  ],
  [
    /^frame starting from following row cannot have/,
    () => 'Window frame starting from FOLLOWING cannot end with PRECEDING or CURRENT ROW',
  ],
  [
    /^frame start cannot be UNBOUNDED FOLLOWING/,
    () => 'Window frame start cannot be UNBOUNDED FOLLOWING',
  ],
  [
    /^frame end cannot be UNBOUNDED PRECEDING/,
    () => 'Window frame end cannot be UNBOUNDED PRECEDING',
  ],
  [
    /^In a DISTINCT aggregate, ORDER BY expressions/,
    () => 'For aggregate function with DISTINCT, ORDER BY expressions must appear in arguments',
  ],
  [/^Max expression depth limit/, () => 'the query is too complex'],
  [/^subqueries in lambda/, () => 'Lambda expression cannot contain subqueries'],
  [
    /^The combining JOIN type must be INNER or LEFT/,
    () => 'RIGHT and FULL joins with UNNEST or LATERAL are not supported',
  ],
  [
    /^Subqueries are not supported in LATERAL join conditions/,
    () => 'subqueries in the condition of a join with UNNEST or LATERAL are not supported',
  ],
  [
    /^correlated columns in window functions/,
    () => 'window functions over columns of the query around are not supported',
  ],
];

/** The engine's message about an invalid value; undefined when it is unknown. */
export function valueMessage(message: string): string | undefined {
  return translate(message, valueRules);
}

/** The engine's message about an invalid statement; undefined when it is unknown. */
export function statementMessage(message: string): string | undefined {
  return translate(message, statementRules);
}

function translate(message: string, rules: readonly Rule[]): string | undefined {
  for (const [pattern, text] of rules) {
    const match = pattern.exec(message);
    if (match) return text(...match.slice(1));
  }
  return undefined;
}
