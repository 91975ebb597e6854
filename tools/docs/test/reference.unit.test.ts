import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCodes } from '@highwater/model';
import { root, sourceFiles } from '../source-files.ts';

describe('the reference pages', () => {
  it('have every metric that the code defines', () => {
    const page = readFileSync(resolve(root, 'docs/reference/metrics.md'), 'utf8');
    const defined = sourceFiles().flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/^\s*name: '(\w+_\w+)',\n\s*help:/gm)].map(
        ([, name]) => name ?? '',
      ),
    );
    expect(defined.length).toBeGreaterThan(50);
    expect(defined.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it('have no code that is unused', () => {
    const sources = sourceFiles()
      .filter((file) => !file.endsWith('error-codes.ts'))
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
    const unused = Object.keys(errorCodes).filter((code) => !sources.includes(`'${code}'`));
    expect(unused).toEqual([]);
  });
});
