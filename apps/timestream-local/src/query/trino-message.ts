type Rule = readonly [pattern: RegExp, text: (...groups: readonly string[]) => string];

const typeNames: Readonly<Record<string, string>> = { INT32: 'integer', INT64: 'bigint' };

const operators: Readonly<Record<string, string>> = {
  addition: 'addition',
  subtraction: 'subtraction',
  multiplication: 'multiplication',
};

const rules: readonly Rule[] = [
  // Our own failures.
  [/^Could not convert string 'highwater: (.*)' to INT32/s, (text = '') => text],
  [
    /^Overflow in (\w+) of (INT32|INT64) \((.+)\)!$/,
    (operation = '', type = '', operands = '') =>
      `${typeNames[type]} ${operators[operation] ?? operation} overflow: ${operands}`,
  ],
  [
    /^Type \w+ with value (-?\d+) can't be cast .* destination type UINT64$/,
    () => 'Negative time: points in time before 1970-01-01 are not supported',
  ],
  [
    /^Type \w+ with value (\S+) can't be cast .* destination type (INT32|INT64)$/,
    (value = '', type = '') => `Out of range for ${typeNames[type]}: ${value}`,
  ],
  [
    /^More than one row returned by a subquery/,
    () => 'Scalar sub-query has returned multiple rows',
  ],
];

/** DuckDB's words for what goes wrong in a row, in Trino's, where the types have other names there. */
export function trinoMessage(message: string): string {
  for (const [pattern, text] of rules) {
    const match = pattern.exec(message);
    if (match) return text(...match.slice(1));
  }
  return message;
}
