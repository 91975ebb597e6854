import { describe, expect, it } from 'vitest';
import { hostNames } from '../src/kinds.ts';

describe('host names in a setting', () => {
  it('is a list in lower case', () => {
    expect(hostNames.parse(' Water.Example, b.example ,')).toEqual(['water.example', 'b.example']);
    expect(hostNames.parse(undefined)).toEqual([]);
  });

  it.each(['http://water.example', 'water.example:80', 'water.example/', '*.example'])(
    'refuses %s, which would match no Host',
    (text) => {
      expect(hostNames.safeParse(text).success).toBe(false);
    },
  );
});
