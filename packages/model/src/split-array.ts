import {
  closeBrace,
  closeBracket,
  comma,
  openBrace,
  openBracket,
  quote,
  stringEnd,
} from './json-text.ts';

/** A piece of a JSON array: the text of an element, or the reason why there is none. */
export type ArrayPiece = { readonly text: string } | { readonly broken: string };

/**
 * Splits a JSON array at the commas between its elements, so that they can be parsed separately. If
 * the array is not valid JSON, elements are found as far as brackets and quotes show their ends.
 *
 * Reads the text once. Deep nesting costs no more than its length.
 *
 * @param open the index of the array's bracket
 */
export function* splitArray(text: string, open: number): Generator<ArrayPiece> {
  let from = open + 1;
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case quote:
        at = stringEnd(text, at);
        // The text ends within a string.
        if (at === text.length) depth += 1;
        break;
      case openBracket:
      case openBrace:
        depth += 1;
        break;
      case closeBrace:
        if (depth > 0) depth -= 1;
        break;
      case closeBracket: {
        if (depth > 0) {
          depth -= 1;
          break;
        }
        const last = text.slice(from, at).trim();
        if (last !== '' || from > open + 1) yield { text: last };
        if (text.slice(at + 1).trim() !== '') yield { broken: 'there is text after the array' };
        return;
      }
      case comma:
        if (depth > 0) break;
        yield { text: text.slice(from, at).trim() };
        from = at + 1;
        break;
    }
  }
  if (depth > 0) {
    yield { broken: 'the array ends inside an element' };
    return;
  }
  const last = text.slice(from).trim();
  if (last !== '') yield { text: last };
  yield { broken: 'the array is not closed' };
}
