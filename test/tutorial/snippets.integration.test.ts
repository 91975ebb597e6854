import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { until } from '../end-to-end/local-pipeline.ts';
import { makeClone } from './clone.ts';
import { startByCommand } from './local-stack.ts';
import { blocksOf } from '../docs/code-blocks.ts';
import { openShell } from './reader-shell.ts';

/** The only JavaScript block of a page that uses a name. */
function snippetWith(name: string, page: string): string {
  const found = blocksOf(page).filter(
    ({ language, text }) => language === 'js' && text.includes(name),
  );
  expect({ page, snippets: found }).toMatchObject({ snippets: [{}] });
  return found[0]?.text ?? '';
}

// Goal: the programs that the pages show work as written. Method: each is saved in a clone of links, as its
// page says, and run against the stack of `npm start`, on free ports.
it('the programs of docs/send-data.md and docs/read-results.md send a point and read averages', async () => {
  const producer = snippetWith('PutRecordsCommand', 'docs/send-data.md');
  const query = snippetWith('QueryCommand', 'docs/read-results.md');
  await using clone = await makeClone();
  await using stack = await startByCommand('npm start', clone.path);
  await writeFile(join(clone.path, 'send.mjs'), stack.withPorts(producer));
  await writeFile(join(clone.path, 'query.mjs'), stack.withPorts(query));
  await using shell = openShell(clone.path, {
    AWS_ENDPOINT_URL_TIMESTREAM_QUERY: stack.withPorts('http://127.0.0.1:8787'),
  });

  expect(await shell.run('npx node send.mjs')).toMatchObject({ exitCode: 0 });
  const statement = `SELECT sensor, measure_value::double AS value FROM highwater.metrics
    WHERE measure_name = 'temperature'`;
  const point = await until(
    () => shell.run(`npx node docs/examples/query.mjs "${statement}"`),
    ({ printed }) => printed.includes('21.5'),
  );
  expect(point.printed).toMatch(/│ '7' +│ '21\.5' +│/);

  const averages = await until(
    () => shell.run('npx node query.mjs'),
    ({ printed }) => printed.includes('amazonaws.com'),
  );
  expect(averages.printed).toMatch(/│ 'i-.*amazonaws\.com' +│ '\d{4}-.*│ '[\d.]+' +│/);
});
