import { describe, expect, it } from 'vitest';
import { describeSetting, settingGroups, settings } from '../src/index.ts';

const texts = Object.entries(settings).map(([name, setting]) => ({
  name,
  ...describeSetting(name, setting),
}));

describe('the settings', () => {
  it('have names of ours, or of the AWS SDKs', () => {
    const odd = texts.filter(({ name }) => !/^(HW|AWS)(_[A-Z0-9]+)+$/.test(name));
    expect(odd).toEqual([]);
  });

  it('have a group each', () => {
    const grouped = Object.values(settingGroups).flatMap((group) => Object.keys(group));
    expect(grouped.toSorted()).toEqual(Object.keys(settings).toSorted());
  });

  it('start without being set: each has a default or is optional', () => {
    expect(texts.filter(({ isRequired }) => isRequired)).toEqual([]);
  });

  it.each(texts)(
    '$name is explained in one phrase, or in a phrase and sentences',
    ({ meaning }) => {
      expect(meaning).toMatch(/^[A-Z]/);
      const isOnePhrase = !meaning.includes('. ');
      expect(meaning.endsWith('.')).toBe(!isOnePhrase);
    },
  );

  it.each(texts)('$name has its default and its values in no text', ({ meaning }) => {
    expect(meaning).not.toMatch(/\bdefault\b/);
  });
});
