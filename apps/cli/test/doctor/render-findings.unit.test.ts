import { describe, expect, it } from 'vitest';
import { renderFindings } from '../../src/doctor/render-findings.ts';

describe('renderFindings', () => {
  it('shows each verdict in its column, the fix below it, and the counts', () => {
    const lines = renderFindings([
      { what: 'clock', verdict: 'ok', found: 'right' },
      { what: 'stream points', verdict: 'fail', found: 'does not exist', fix: 'create it' },
      { what: 'views', verdict: 'warn', found: 'empty' },
    ]);
    expect(lines).toEqual([
      'ok    clock          right',
      'fail  stream points  does not exist',
      '                     → create it',
      'warn  views          empty',
      '',
      '1 ok, 1 to check, 1 failed',
    ]);
  });
});
