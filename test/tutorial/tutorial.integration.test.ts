import { expect, it } from 'vitest';
import { until } from '../end-to-end/local-pipeline.ts';
import { makeClone } from './clone.ts';
import { startByCommand } from './local-stack.ts';
import { blocksOf } from '../docs/code-blocks.ts';
import { stepsOf } from './steps-of.ts';
import { openShell } from './reader-shell.ts';
import { hasShownLines } from './shown-output.ts';

// Goal: a reader who follows docs/tutorial.md sees what it shows. Method: its commands as written, in a
// clone of links, on free ports; the first starts the stack, the others go to a second terminal.
it('docs/tutorial.md works word for word', async () => {
  const blocks = blocksOf('docs/tutorial.md');
  const [start, ...steps] = stepsOf(blocks);
  expect(steps.length).toBeGreaterThan(5);
  await using clone = await makeClone();
  await using stack = await startByCommand(start?.command ?? '', clone.path);
  expectShown(stack.printed, stack.withPorts(start?.output ?? ''));

  await using shell = openShell(clone.path, {
    HW_HTTP_PORT: '0',
    AWS_ENDPOINT_URL_TIMESTREAM_QUERY: stack.withPorts('http://127.0.0.1:8787'),
  });
  for (const { command, output = '' } of steps) {
    const isQuery = command.includes('query.mjs');
    // The page says to run a query again when its row is not there yet.
    const { printed, exitCode } = await until(
      () => shell.run(stack.withPorts(command)),
      (run) => !isQuery || hasShownLines(run.printed, output),
    );
    expect({ command, printed, exitCode }).toMatchObject({ exitCode: 0 });
    expectShown(printed, output);
  }

  const page = stack.withPorts('http://127.0.0.1:8080');
  for (const path of ['/corrections', '/explore']) {
    expect(await fetch(`${page}${path}`)).toMatchObject({ status: 200 });
  }
  await stack.interrupt();
  expectShown(stack.printed, blocks.at(-1)?.text ?? '');
});

/** Compares them as `hasShownLines` does, and fails with both. */
function expectShown(printed: string, shown: string): void {
  expect({ printed, shown }).toSatisfy(() => hasShownLines(printed, shown));
}
