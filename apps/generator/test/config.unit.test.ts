import { describe, expect, it } from 'vitest';
import { checkGeneratorConfig, generatorConfig, generatorFlags } from '../src/config.ts';
import { originalSeed } from '../src/fleet.ts';
import { configOf } from './fakes.ts';

describe('generatorConfig', () => {
  it('has a setting behind every flag', () => {
    for (const variable of Object.values(generatorFlags)) {
      expect(Object.keys(generatorConfig)).toContain(variable);
    }
  });

  it.each<[Record<string, string>, string]>([
    [{ HW_GENERATOR_SHIFT_TIMES: 'true' }, 'HW_GENERATOR_SHIFT_TIMES needs HW_GENERATOR_FILE'],
    [{ HW_GENERATOR_FILE: '-', HW_GENERATOR_ROUNDS: '2' }, 'HW_GENERATOR_ROUNDS applies only to'],
    [
      { HW_GENERATOR_FILE: '-', HW_GENERATOR_PERCENT_LATE: '2' },
      'HW_GENERATOR_PERCENT_LATE applies only to',
    ],
  ])('rejects %j', (env, problem) => {
    expect(checkGeneratorConfig(configOf(env))).toEqual([expect.stringContaining(problem)]);
  });

  it('uses the defaults', () => {
    expect(checkGeneratorConfig(configOf())).toEqual([]);
  });

  it('makes the original fleet by default', () => {
    expect(configOf().HW_GENERATOR_SEED).toBe(originalSeed);
  });
});
