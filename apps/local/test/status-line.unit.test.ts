import { describe, expect, it } from 'vitest';
import type { PipelineState } from '../src/pipeline-state.ts';
import { renderStatusLine, statusParts } from '../src/status-line.ts';

function state(over: Partial<PipelineState> = {}): PipelineState {
  return {
    atMs: 0,
    nowMs: 1_700_000_010_000,
    pointsRead: 0,
    pointsStored: 0,
    watermarkMs: 1_700_000_005_800,
    rowsWritten: 12_345,
    rowsCorrected: 678,
    pointsTooLate: 0,
    pointsPartlyTooLate: 0,
    deadLetters: 0,
    ...over,
  };
}

function line(states: readonly PipelineState[], columnsMax = 200): string {
  return renderStatusLine(statusParts(states, columnsMax), (label) => label);
}

describe('statusParts', () => {
  it('shows rates, the lag of the watermark, and the results', () => {
    const later = state({ atMs: 5_000, pointsRead: 5_000, pointsStored: 4_950 });
    expect(line([state(), later])).toBe(
      'points 1,000/s  stored 990/s  watermark −4.2 s  windows 12,345  corrected 678  too late 0  dead letters 0',
    );
  });

  it('has no rate for a single state', () => {
    expect(line([state()])).toContain('points –');
  });

  it('shows no negative rate after a service was restarted', () => {
    const later = state({ atMs: 1_000, pointsRead: 0 });
    expect(line([state({ pointsRead: 500 }), later])).toContain('points 0/s');
  });

  it('says when to expect the first window', () => {
    const first = state({ rowsWritten: 0, rowsCorrected: 0, watermarkMs: undefined });
    expect(line([first])).toContain('watermark –  windows first in 20 s');
  });

  it.each([
    { columnsMax: 79, has: 'points –  watermark −4.2 s  windows 12,345  corrected 678' },
    { columnsMax: 40, has: 'windows 12,345  corrected 678' },
  ])('leaves out the least important in $columnsMax columns', ({ columnsMax, has }) => {
    const shown = line([state()], columnsMax);
    expect(shown).toContain(has);
    expect(shown.length).toBeLessThanOrEqual(columnsMax);
  });

  it.each([
    { all: 0, some: 0, says: 'too late 0  ' },
    { all: 9, some: 0, says: 'too late 9 for all windows  ' },
    { all: 0, some: 20_948, says: 'too late 20,948 for some windows  ' },
    { all: 9, some: 20_948, says: 'too late 9 for all windows, 20,948 for some  ' },
  ])(
    'distinguishes points too late for all windows ($all) from those for some ($some)',
    (given) => {
      const late = state({ pointsTooLate: given.all, pointsPartlyTooLate: given.some });
      expect(line([late])).toContain(given.says);
    },
  );

  it('always shows points that are too late once there are some', () => {
    expect(line([state({ pointsPartlyTooLate: 20_948 })], 80)).toContain('20,948 for some windows');
  });

  it('always shows dead letters once there are some', () => {
    expect(line([state({ deadLetters: 1 })], 40)).toContain('dead letters 1');
  });

  it('shows nothing before the first state', () => {
    expect(line([])).toBe('');
  });
});
