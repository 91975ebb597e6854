/** Rows by their names, as `local-pipeline.ts` names them. */
type Rows = ReadonlyMap<string, string>;

const shownMax = 5;

/**
 * Describes the differences of a table: how many raw rows and averages are missing, have another
 * value, or should not exist, in what span of time, and a few examples. Empty when the rows are
 * equal.
 */
export function describeDifference(expected: Rows, stored: Rows): readonly string[] {
  const names = [...new Set([...expected.keys(), ...stored.keys()])];
  const wrong = names.filter((name) => expected.get(name) !== stored.get(name));
  const shown = wrong
    .slice(0, shownMax)
    .map((name) => `${name}: ${stored.get(name)} instead of ${expected.get(name)}`);
  return [
    ...describeKind('raw rows', wrong.filter(isRaw)),
    ...describeKind(
      'averages',
      wrong.filter((name) => !isRaw(name)),
    ),
    ...shown,
  ];

  function describeKind(kind: string, ofKind: readonly string[]): readonly string[] {
    if (ofKind.length === 0) return [];
    const missingCount = ofKind.filter((name) => !stored.has(name)).length;
    const extraCount = ofKind.filter((name) => !expected.has(name)).length;
    const otherCount = ofKind.length - missingCount - extraCount;
    const times = ofKind.map(timeMsOf).toSorted((a, b) => a - b);
    const [from, to] = [times[0], times.at(-1)].map((timeMs) =>
      new Date(timeMs ?? 0).toISOString(),
    );
    return [
      `${kind}: ${missingCount} missing, ${otherCount} with another value, ${extraCount} too many, from ${from} to ${to}`,
    ];
  }
}

/** The name of a raw row starts with its time, in nanoseconds. */
function isRaw(name: string): boolean {
  return /^\d+\|/.test(name);
}

/** The name of an average ends with the end of its window, in milliseconds. */
function timeMsOf(name: string): number {
  const parts = name.split('|');
  return isRaw(name) ? Number(BigInt(parts[0] ?? 0) / 1_000_000n) : Number(parts.at(-1));
}
