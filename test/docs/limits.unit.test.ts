import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { elementLimits } from '../../packages/model/src/decode-record.ts';
import { pointLimits } from '../../packages/model/src/point-limits.ts';
import { root } from './code-blocks.ts';

describe('docs/send-data.md', () => {
  it('has the limits from the code', () => {
    const page = readFileSync(new URL('docs/send-data.md', root), 'utf8');
    const text = (value: number) => value.toLocaleString('en-US');
    const limits = [
      `1 to ${pointLimits.dimensionsMax}`,
      `${pointLimits.measureNameBytesMax} bytes`,
      `${pointLimits.dimensionNameBytesMax} bytes`,
      `${text(pointLimits.seriesBytesMax)} bytes`,
      `${text(pointLimits.seriesAndValueBytesMax)} bytes`,
      `${text(elementLimits.charactersMax)} characters`,
      `${text(elementLimits.refusedMax)} bad points`,
    ];
    expect(limits.filter((limit) => !page.includes(limit))).toEqual([]);
  });
});
