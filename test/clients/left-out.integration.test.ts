import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const main = join(import.meta.dirname, 'main.ts');

const runWithoutTools = (...names: readonly string[]) => {
  const options = { env: { PATH: '' }, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...names], options);
  return { status, lines: `${stdout}${stderr}`.trimEnd().split('\n') };
};

describe('npm run test:clients', () => {
  it('names skipped parts and the reasons, and passes when nothing is left', () => {
    expect(runWithoutTools()).toEqual({
      status: 0,
      lines: [
        expect.stringMatching(/left out: boto3, .* lacks Python 3\.11 or newer with venv\.$/),
        expect.stringMatching(/left out: the AWS SDKs for Java\. .* lacks a JDK .* and Maven\.$/),
        expect.stringMatching(/left out: the Kinesis Client Library\. .* Maven and Python .*\.$/),
        expect.stringMatching(/left out: the AWS SDK for Go\. This machine lacks Go\.$/),
        expect.stringMatching(/left out: the examples of .* lacks Python 3\.11 .*\.$/),
        'No client test ran.',
      ],
    });
  });

  it('rejects an unknown part', () => {
    expect(runWithoutTools('rust')).toEqual({
      status: 2,
      lines: ['There is no part rust. Name one of python, java, kcl, go, docs.'],
    });
  });
});
