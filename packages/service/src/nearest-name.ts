import { distance } from 'fastest-levenshtein';

/**
 * Finds the known name that was most likely meant by a misspelled one.
 *
 * @returns undefined when no name is close enough to be more than a guess
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const distanceMax = Math.max(2, Math.floor(name.length / 4));
  let nearest: string | undefined;
  let least = distanceMax + 1;
  for (const candidate of known) {
    const to = distance(name, candidate);
    if (to < least) {
      nearest = candidate;
      least = to;
    }
  }
  return nearest ?? known.find((candidate) => hasAllWords(candidate, name));
}

/** A name with a missing word (`HW_PORT`) has a large edit distance, but is clear to a reader. */
function hasAllWords(candidate: string, name: string): boolean {
  const words = candidate.split(/[-_]/);
  return name.split(/[-_]/).every((word) => words.includes(word));
}
