import { describe, expect, it } from 'vitest';
import { parseTargets } from '../src/pipeline/scrape-services.ts';

describe('parseTargets', () => {
  it('reads names and addresses, a name twice for two processes', () => {
    expect(parseTargets('a=http://h:1, a=http://h:2/metrics,').targets).toEqual([
      { service: 'a', url: 'http://h:1' },
      { service: 'a', url: 'http://h:2' },
    ]);
  });

  it('reports parts that it cannot read', () => {
    expect(parseTargets('a,b=nowhere,=http://h:1').problems).toHaveLength(3);
  });
});
