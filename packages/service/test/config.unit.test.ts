import { renamedSettings, settings } from '@highwater/settings';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConfigError, describeConfig, loadConfig } from '../src/index.ts';

const shape = {
  HW_SIZE_BYTES: z.coerce.number().int().min(1).default(10).describe('Size of a thing'),
  HW_STREAM: z.string().min(1).describe('Stream to read'),
  HW_IS_LOUD: z.stringbool().default(false).describe('Whether it is loud'),
  HW_STORE_TOKEN: z.string().max(3).optional().describe('Token of the store'),
  AWS_REGION: z.string().default('us-east-1').describe('Region'),
};

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(shape, env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('loadConfig', () => {
  it('parses the variables that are set and fills in defaults for the others', () => {
    const config = loadConfig(shape, { HW_STREAM: 'raw', HW_IS_LOUD: 'yes', PATH: '/bin' });
    expect(config).toEqual({
      HW_SIZE_BYTES: 10,
      HW_STREAM: 'raw',
      HW_IS_LOUD: true,
      AWS_REGION: 'us-east-1',
    });
  });

  it('treats an empty variable as unset, not as 0 or false', () => {
    const config = loadConfig(shape, { HW_STREAM: 'raw', HW_SIZE_BYTES: '', HW_IS_LOUD: '' });
    expect(config.HW_SIZE_BYTES).toBe(10);
    expect(config.HW_IS_LOUD).toBe(false);
  });

  it('reads "false" as false', () => {
    expect(loadConfig(shape, { HW_STREAM: 'raw', HW_IS_LOUD: 'false' }).HW_IS_LOUD).toBe(false);
  });

  it('names every bad variable at once, with its text, the accepted values, and its default', () => {
    expect(problemsOf({ HW_SIZE_BYTES: 'ten', HW_IS_LOUD: 'maybe' })).toEqual([
      'HW_SIZE_BYTES is "ten": must be a whole number, 1 or more. Default: 10',
      'HW_STREAM is not set: Stream to read',
      'HW_IS_LOUD is "maybe": must be true or false. Default: false',
    ]);
  });

  it.each([
    { given: 'HW_SIZE_BYTE', meant: 'HW_SIZE_BYTES', because: 'a letter is missing' },
    { given: 'HW_STRAEM', meant: 'HW_STREAM', because: 'two letters are swapped' },
    { given: 'HW_LOUD', meant: 'HW_IS_LOUD', because: 'a word is missing' },
    { given: 'HW_VIEW', meant: 'HW_VIEWS', because: "another program's name is misspelt" },
    { given: 'HW_LATE_TIME', meant: 'HW_GENERATOR_LATE_TIME_SECONDS', because: 'so is this one' },
  ])('rejects $given and suggests $meant: $because', ({ given, meant }) => {
    expect(problemsOf({ HW_STREAM: 'raw', [given]: '1' })).toEqual([
      `${given} is not a setting of any program: did you mean ${meant}?`,
    ]);
  });

  it('rejects an HW_ name that resembles no setting', () => {
    expect(problemsOf({ HW_STREAM: 'raw', HW_QUITE_DIFFERENT: '1' })).toEqual([
      'HW_QUITE_DIFFERENT is not a setting of any program: unset it, or see --help for all settings',
    ]);
  });

  it.each([
    { given: 'HW_TIMESTREAM_TABLE', now: 'HW_STORE=timestream://database/table' },
    { given: 'HW_TIMESTREAM_CREATE', now: 'HW_STORE_CREATE' },
  ])('rejects $given, which has another name now', ({ given, now }) => {
    expect(problemsOf({ HW_STREAM: 'raw', [given]: 'x' })).toEqual([
      `${given} is a setting of version 0.1: set ${now} instead`,
    ]);
  });

  it('names only settings that exist in place of renamed ones', () => {
    for (const [name, now] of Object.entries(renamedSettings)) {
      const [meant = '', value] = now.split('=');
      expect(settings).not.toHaveProperty(name);
      expect(settings).toHaveProperty(meant);
      const setting = settings[meant as keyof typeof settings];
      if (value !== undefined) expect(setting.safeParse(value)).toMatchObject({ success: true });
    }
  });

  it('ignores the settings of other programs, because they may share one environment', () => {
    const env = { HW_STREAM: 'raw', HW_VIEWS: 'views.yml', HW_AGGREGATOR_SERIES_MAX: 'many' };
    expect(Object.keys(loadConfig(shape, env))).not.toContain('HW_VIEWS');
  });

  it('ignores names without HW_, even if they resemble settings', () => {
    expect(problemsOf({ HW_STREAM: 'raw', AWS_REGIO: 'x', AWS_PROFILE: 'me' })).toEqual([]);
  });

  it('gives the reason of a check that has one', () => {
    const one = { HW_STORE: settings.HW_STORE };
    expect(() => loadConfig(one, { HW_STORE: 'postgres://me:secret@db.example/rows' })).toThrow(
      /HW_STORE is "postgres:\/\/me:\*+@db.example\/rows": it contains a password, which belongs in a setting such as HW_STORE_PASSWORD/,
    );
  });

  it('does not show the value of an invalid secret', () => {
    const [problem] = problemsOf({ HW_STREAM: 'raw', HW_STORE_TOKEN: 'hunter2' });
    expect(problem).toContain('HW_STORE_TOKEN is "***"');
    expect(problem).not.toContain('hunter2');
  });
});

describe('describeConfig', () => {
  it('shows name, flag, meaning, allowed values, and default of each setting', () => {
    expect(describeConfig(shape, { stream: 'HW_STREAM' }).split('\n')).toEqual([
      'HW_SIZE_BYTES',
      '    Size of a thing',
      '    [a whole number, 1 or more; default 10]',
      'HW_STREAM, --stream',
      '    Stream to read',
      '    [required]',
      'HW_IS_LOUD',
      '    Whether it is loud',
      '    [true or false; default false]',
      'HW_STORE_TOKEN',
      '    Token of the store',
      '    [0 to 3 characters; optional]',
      'AWS_REGION',
      '    Region',
      '    [default us-east-1]',
    ]);
  });

  it('has no line longer than 100 columns', () => {
    const lines = describeConfig(settings).split('\n');
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
  });
});
