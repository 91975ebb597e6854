import { describe, expect, it } from 'vitest';
import { parseTabSeparated } from '../src/parse-tab-separated.ts';

describe('parseTabSeparated', () => {
  it.each<[string, readonly (readonly (string | null)[])[]]>([
    ['', []],
    [
      'a\tb\n1\t\\N\n',
      [
        ['a', 'b'],
        ['1', null],
      ],
    ],
    ['\n', [['']]],
    [String.raw`a\tb\\n\'\0` + '\n', [["a\tb\\n'\0"]]],
    [String.raw`\\N` + '\n', [[String.raw`\N`]]],
  ])('reads %j', (text, rows) => {
    expect(parseTabSeparated(text)).toEqual(rows);
  });
});
