import { expect, it } from 'vitest';
import { placeIn } from '../src/reading/read-failure.ts';

it.each([
  ['SELECT', 1, { line: 1, column: 1 }],
  ['SELECT\n  x', 10, { line: 2, column: 3 }],
  // PostgreSQL counts characters, and so do editors.
  ['𝄞\n𝄞x', 4, { line: 2, column: 2 }],
  ['SELECT', 0, undefined],
])('finds in %j the character %i', (text, position, place) => {
  expect(placeIn(text, position)).toEqual(place);
});
