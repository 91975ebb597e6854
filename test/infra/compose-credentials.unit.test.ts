import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readPolicies } from './policies.ts';

interface Service {
  readonly env_file?: readonly (string | { readonly path: string; readonly required: boolean })[];
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly profiles?: readonly string[];
}

const infra = new URL('../../infra/docker/', import.meta.url);
const text = readFileSync(new URL('compose.aws.yml', infra), 'utf8');
const { services } = parse(text, { merge: true, logLevel: 'error' }) as {
  readonly services: Readonly<Record<string, Service>>;
};
const started = Object.entries(services).filter(([, { profiles }]) => profiles === undefined);

describe('compose.aws.yml', () => {
  it.each(started)('gives %s its own credentials, or those of the shell', (name, service) => {
    const path = `\${AWS_CREDENTIALS_DIR:-./credentials}/${name}.env`;
    expect(service.env_file).toEqual([
      'infra/docker/shell-credentials.env',
      { path, required: false },
    ]);
    // A variable here would win over the file.
    expect(Object.keys(service.environment ?? {}).join()).not.toMatch(/ACCESS_KEY|SESSION_TOKEN/);
  });

  it('has a role for each service, and no others', () => {
    const atHand = new Set(['generator', 'operator']);
    expect(started.map(([name]) => name).toSorted()).toEqual(
      Object.keys(readPolicies())
        .filter((role) => !atHand.has(role))
        .toSorted(),
    );
  });

  it('takes names from the shell, and contains no values', () => {
    const shell = readFileSync(new URL('shell-credentials.env', infra), 'utf8');
    expect(shell.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
    ]);
  });
});
