import { expect, it } from 'vitest';
import { placeOfError } from '../src/reading/place-of-error.ts';

// The messages are those of ClickHouse 26.9.
it.each([
  ['Syntax error: failed at position 22 (z) (line 2, col 12): z where', { line: 2, column: 12 }],
  ['Syntax error: failed at position 7 (1): 1. Expected one of: token', { line: 1, column: 7 }],
  ['Unknown expression identifier `nope`. In scope SELECT nope FROM z.t.', undefined],
])('finds the place in "%s"', (message, place) => {
  expect(placeOfError(message)).toEqual(place);
});
