import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { viewsCommand } from '../../src/views/views-command.ts';
import { runCommand } from '../run-command.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'views-'));
  await save('views.yaml', 'views:', '  - { name: means, window: { tumbling: 5m } }');
});
afterEach(() => rm(directory, { recursive: true }));

async function save(name: string, ...lines: readonly string[]): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

/** A file of tests of those views, each with a point and the expected mean. */
function saveTests(...means: readonly number[]): Promise<string> {
  return save(
    'views.test.yaml',
    'views: views.yaml',
    'tests:',
    ...means.flatMap((mean) => [
      `  - name: a mean of ${mean}`,
      '    points: [{ measure: m, value: 1, time: +1s, dimensions: { host: a } }]',
      `    rows: { means: [{ measure: avg_m, window: +0m, dimensions: { host: a }, value: ${mean} }] }`,
    ]),
  );
}

describe('highwater views', () => {
  it('check names the views of a good file', async () => {
    const path = join(directory, 'views.yaml');
    expect(await runCommand(viewsCommand(), 'check', path)).toEqual({
      exitCode: 0,
      out: `${path} is valid:\n  means revision 1\n`,
      err: '',
    });
  });

  it('check exits with 2 and counts the problems', async () => {
    const one = await save('one.yaml', 'views:', '  - { name: a b, window: { tumbling: 5m } }');
    const first = await runCommand(viewsCommand(), 'check', one);
    expect(first).toMatchObject({ exitCode: 2, out: '' });
    expect(first.err).toMatch(/one\.yaml:2:\d+: [^]*\n1 problem in /);
    const two = await save('two.yaml', 'views:', '  - { name: a b, window: { tumbling: 5x } }');
    expect((await runCommand(viewsCommand(), 'check', two)).err).toContain('\n2 problems in ');
  });

  it('test exits with 0 when all pass, and with 1 when one differs', async () => {
    const passed = await runCommand(viewsCommand(), 'test', await saveTests(1, 1));
    expect(passed).toEqual({ exitCode: 0, out: '✓ a mean of 1\n✓ a mean of 1\n', err: '' });
    const failed = await runCommand(viewsCommand(), 'test', await saveTests(1, 2));
    expect(failed.exitCode).toBe(1);
    expect(failed.out.split('\n').slice(0, 3)).toEqual([
      '✓ a mean of 1',
      '✗ a mean of 2',
      '    view means:',
    ]);
    expect(failed.err).toContain('1 of 2 tests failed');
  });

  it('test exits with 2 when nothing could be run', async () => {
    const path = await save('broken.yaml', 'views: views.yaml', 'test: []');
    const { exitCode, out, err } = await runCommand(viewsCommand(), 'test', path);
    expect([exitCode, out]).toEqual([2, '']);
    expect(err).toMatch(/broken\.yaml:\d+:\d+: /);
  });

  it('schema prints the schema of a views file', async () => {
    const { exitCode, out } = await runCommand(viewsCommand(), 'schema');
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ type: 'object', properties: { views: {} } });
  });
});
