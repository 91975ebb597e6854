/**
 * Finds the known name that was most likely meant by a misspelt one.
 *
 * @returns absent when none is near enough to be more than a guess
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const distanceMax = Math.max(2, Math.floor(name.length / 4));
  let nearest: string | undefined;
  let distance = distanceMax + 1;
  for (const candidate of known) {
    const to = editDistance(name, candidate);
    if (to < distance) {
      nearest = candidate;
      distance = to;
    }
  }
  return nearest ?? known.find((candidate) => hasAllWords(candidate, name));
}

/** A name with a word left out (`HW_PORT`) is far by letters, but clear to a reader. */
function hasAllWords(candidate: string, name: string): boolean {
  const words = candidate.split(/[-_]/);
  return name.split(/[-_]/).every((word) => words.includes(word));
}

/** Insertions, deletions, replacements and swaps of neighbours between two words. */
function editDistance(a: string, b: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      const isSwap = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const cost = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (isSame ? 0 : 1),
        isSwap ? at(beforeLast, column - 2) + 1 : Infinity,
      );
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(costs: readonly number[], index: number): number {
  return costs[index] ?? Infinity;
}
