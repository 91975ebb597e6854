import { expect, it } from 'vitest';
import { plainArray, textArray } from '../src/writing/array-text.ts';

it.each([
  { items: [1, 2], text: '{1,2}' },
  { items: [undefined, undefined, 3, undefined], text: '{NULL,NULL,3,NULL}' },
  { items: [0], text: '{0}' },
  { items: [undefined], text: null },
  { items: [], text: null },
])('writes $items as the array $text', ({ items, text }) => {
  expect(plainArray<number | undefined>(items, (item) => item)).toBe(text);
});

it('quotes texts', () => {
  expect(textArray(['a"b', '', undefined, '\\'], (text) => text)).toBe(
    String.raw`{"a\"b","",NULL,"\\"}`,
  );
});
