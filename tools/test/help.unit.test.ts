import { expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

test('each script for people is explained, and nothing else', () => {
  const run = Object.keys(manifest.scripts).filter((name) => !/^(pre|post)/.test(name));
  expect(Object.keys(manifest['scripts-info']).toSorted()).toEqual(run.toSorted());
});
