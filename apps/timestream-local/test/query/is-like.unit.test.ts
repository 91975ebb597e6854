import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLike } from '../../src/query/is-like.ts';

/** The rules themselves, one character after another. */
function matches(text: string, pattern: string): boolean {
  const [first, rest] = [pattern.charAt(0), pattern.slice(1)];
  if (pattern === '') return text === '';
  if (first === '%') {
    return matches(text, rest) || (text !== '' && matches(text.slice(1), pattern));
  }
  return text !== '' && (first === '_' || first === text.charAt(0)) && matches(text.slice(1), rest);
}

describe('the pattern of SHOW … LIKE', () => {
  it('matches according to the rules', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 });
    const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '.', '%', '_'), maxLength: 8 });
    const property = fc.property(texts, patterns, (text, pattern) => {
      expect(isLike(text, pattern)).toBe(matches(text, pattern));
    });
    fc.assert(property, { numRuns: 2000 });
  });

  it('treats a character of two units as one', () => {
    expect(isLike('a😀b', 'a_b')).toBe(true);
  });

  // A regular expression of this pattern would not end within a day.
  it('ends, however many positions there are to try', () => {
    expect(isLike('a'.repeat(256), `${'%a'.repeat(20)}%b`)).toBe(false);
  });
});
