import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const main = join(import.meta.dirname, 'main.ts');

it('npm run test:clickhouse names what it leaves out and why, and passes when nothing is left', () => {
  const options = { env: { PATH: '' }, encoding: 'utf8' } as const;
  const { status, stdout } = spawnSync(process.execPath, [main], options);
  expect({ status, lines: stdout.trimEnd().split('\n') }).toEqual({
    status: 0,
    lines: [
      expect.stringMatching(/left out: today’s ClickHouse, as chDB\. It needs Python/),
      expect.stringMatching(/left out: a server, as of 2018\. It needs apt-get/),
      'No ClickHouse test ran.',
    ],
  });
});
