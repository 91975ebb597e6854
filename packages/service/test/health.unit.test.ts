import { describe, expect, it } from 'vitest';
import { createHealth } from '../src/index.ts';

describe('createHealth', () => {
  it('goes from starting to ready to draining', () => {
    const health = createHealth();
    expect(health.state).toBe('starting');
    health.ready();
    expect(health.state).toBe('ready');
    health.draining();
    expect(health.state).toBe('draining');
  });

  it('is never ready again once it drains', () => {
    const health = createHealth();
    health.draining();
    health.ready();
    expect(health.state).toBe('draining');
  });
});
