import { describe, expect, it } from 'vitest';
import { parseArguments } from '../src/flags.ts';

const flags = { rate: 'HW_RATE', file: 'HW_FILE', 'late-time': 'HW_LATE', random: 'HW_RANDOM' };

describe('parseArguments', () => {
  it.each([
    { words: ['--rate', '5'], env: { HW_RATE: '5' } },
    { words: ['--rate=5', '--file=a=b'], env: { HW_RATE: '5', HW_FILE: 'a=b' } },
    { words: ['--random', '--rate', '5'], env: { HW_RANDOM: 'true', HW_RATE: '5' } },
    { words: ['--file', '-', '--late-time', '-5'], env: { HW_FILE: '-', HW_LATE: '-5' } },
    { words: ['--rate', '5', '--rate', '6'], env: { HW_RATE: '6' } },
  ])('reads $words', ({ words, env }) => {
    expect(parseArguments(words, flags)).toEqual({ env, problems: [] });
  });

  it('suggests the intended flag, and does not take its value for another argument', () => {
    expect(parseArguments(['--rte', '5'], flags).problems).toEqual([
      '--rte is not an argument of this program: did you mean --rate?',
    ]);
  });

  it('rejects an argument that is not a flag', () => {
    expect(parseArguments(['points.ndjson'], flags).problems).toEqual([
      'points.ndjson is not an argument of this program: --help lists all arguments',
    ]);
  });

  it('shows the help, whatever else is there', () => {
    expect(parseArguments(['--nonsense', '--help'], flags).wants).toBe('help');
    expect(parseArguments(['--version'], flags).wants).toBe('version');
  });
});
