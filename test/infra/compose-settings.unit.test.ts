import { describeSetting, type ConfigShape } from '@highwater/settings';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { programs } from '../../tools/docs/programs.ts';

// Goal: each variable in the compose files has a meaning, and its program accepts each value.
// Method: compare the files with the declarations of the settings.

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(fileURLToPath(new URL(path, root)), 'utf8');

interface Service {
  readonly environment?: Readonly<Record<string, string | number>>;
}

const texts = ['docker-compose.yml', 'infra/docker/compose.aws.yml'].map((path) => ({
  path,
  text: read(path),
}));

const variables = texts.flatMap(({ path, text }) => {
  const { services } = parse(text, { merge: true, logLevel: 'error' }) as {
    readonly services: Readonly<Record<string, Service>>;
  };
  return Object.entries(services).flatMap(([service, { environment = {} }]) =>
    Object.entries(environment)
      .filter(([name]) => /^(HW|AWS)_/.test(name))
      .map(([name, value]) => ({ path, service, name, value: String(value) })),
  );
});

/** Compose's value for `${NAME:-text}` when nothing is set. */
function substituted(value: string): string {
  return value.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1');
}

/** The problem of a variable, in words. An empty value counts as unset. */
function problemOf(shape: ConfigShape, name: string, value: string): string | undefined {
  const setting = shape[name];
  if (setting === undefined) return 'is not a setting of this program';
  const text = substituted(value);
  if (text === '') return undefined;
  const parsed = setting.safeParse(text);
  if (!parsed.success) return `must be ${describeSetting(name, setting).values}`;
  const unset = setting.safeParse(undefined).data;
  const isRepeated = JSON.stringify(parsed.data) === JSON.stringify(unset);
  return isRepeated && text === value ? 'repeats the default: remove it' : undefined;
}

describe('the compose files', () => {
  it('give each service its own settings, with accepted values', () => {
    expect(variables.length).toBeGreaterThan(50);
    const wrong = variables.flatMap(({ path, service, name, value }) => {
      const problem = problemOf(programs[service] ?? {}, name, value);
      return problem === undefined ? [] : [`${path}, ${service}: ${name}=${value} ${problem}`];
    });
    expect(wrong).toEqual([]);
  });
});

describe('.env.example', () => {
  it('has every variable of the compose files with its default, and no others', () => {
    const used = texts.flatMap(({ text }) =>
      [...text.matchAll(/\$\{([A-Z0-9_]+):-([^}]*)\}/g)].map(
        ([, name, value]) => `${name}=${value}`,
      ),
    );
    const listed = read('.env.example')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(listed.toSorted()).toEqual([...new Set(used)].toSorted());
  });
});
