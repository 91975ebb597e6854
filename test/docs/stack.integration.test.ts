import {
  DescribeStreamSummaryCommand,
  KinesisClient,
  PutRecordCommand,
  RegisterStreamConsumerCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../end-to-end/local-pipeline.ts';
import { makeClone, type Clone } from '../tutorial/clone.ts';
import { startByCommand, type CommandedStack } from '../tutorial/local-stack.ts';
import { openShell, type ReaderShell } from '../tutorial/reader-shell.ts';
import { hasShownLines } from '../tutorial/shown-output.ts';
import { classOf } from './block-classes.ts';
import { blocksOf, pages, type CodeBlock } from './code-blocks.ts';
import { startServer } from './start-server.ts';

// Goal: the commands of the pages that need no account, container, or other language work as written, and
// print what the pages show. Method: one stack, started by the command of README.md in a clone of links, on
// free ports; and the local servers by those of their own pages.

const stream = 'highwater-raw';
const inClass = (name: string) =>
  pages.flatMap(blocksOf).filter((block) => classOf(block)?.name === name);
const commands = inClass('command that is run');
const outputs = inClass('output of a command that is run');
/** What no test below has asked for yet. */
const left = new Set([...commands, ...outputs]);

/** The blocks of a page that have a text. */
function take(blocks: readonly CodeBlock[], page: string, text: string): readonly string[] {
  const found = blocks.filter((block) => block.page === page && block.text.includes(text));
  expect({ page, text, found }).not.toMatchObject({ found: [] });
  for (const block of found) left.delete(block);
  return found.map((block) => block.text);
}

/** Commands that several blocks of a page have run once. */
const command = (page: string, text: string) =>
  [...new Set(take(commands, page, text))].join('').trimEnd();
const output = (page: string, text: string) => take(outputs, page, text).join('\n');

let clone: Clone;
let shell: ReaderShell;
let withPorts = (text: string) => text;

beforeAll(async () => {
  clone = await makeClone();
  shell = openShell(clone.path, { HW_HTTP_PORT: '0' });
});
afterAll(async () => {
  await shell[Symbol.asyncDispose]();
  await clone[Symbol.asyncDispose]();
});

/** Runs what a page shows, which must succeed, and returns what was printed. */
async function run(page: string, text: string): Promise<string> {
  const block = withPorts(command(page, text));
  const { printed, exitCode } = await shell.run(block);
  expect({ block, printed, exitCode }).toMatchObject({ exitCode: 0 });
  return printed;
}

/** Numbers differ from run to run, and so do the widths of tables. */
function shapesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) =>
      line
        .replaceAll(/\d[\d.,]*/g, '#')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    )
    .filter((line) => line !== '');
}

describe('the stack of `npm start`', () => {
  let stack: CommandedStack;
  let kinesis: KinesisClient;

  beforeAll(async () => {
    stack = await startByCommand(command('README.md', 'npm start'), clone.path);
    withPorts = (text) => stack.withPorts(text);
    const endpoint = withPorts('http://127.0.0.1:4567');
    await shell.run(`export AWS_ENDPOINT_URL_KINESIS=${endpoint}`);
    kinesis = new KinesisClient({
      region: 'us-east-1',
      endpoint,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      requestHandler: new NodeHttpHandler(),
    });
  });
  // The commands below need no stack, and the cores that it takes.
  afterAll(async () => {
    kinesis.destroy();
    await stack[Symbol.asyncDispose]();
  });

  async function expectShapes(page: string, text: string): Promise<void> {
    const wanted = shapesOf(stack.withPorts(output(page, text)));
    const missing = await until(
      async () => wanted.filter((line) => !shapesOf(stack.printed).includes(line)),
      ({ length }) => length === 0,
    );
    expect({ missing, printed: stack.printed }).toMatchObject({ missing: [] });
  }

  it('prints what README.md and docs/run-locally.md show', async () => {
    await expectShapes('README.md', 'Ready after');
    await expectShapes('docs/run-locally.md', 'health and metrics');
    await expectShapes('docs/run-locally.md', 'dead letters 0');
    const [feed = ''] = /The generator sends 1,000 points.*/.exec(stack.printed) ?? [];
    expect(blocksOf('README.md').some(({ text }) => text.includes(feed))).toBe(feed !== '');
  });

  it('takes the points of the file of docs/send-data.md', async () => {
    const printed = await run('docs/send-data.md', '--shift-times');
    const shown = output('docs/send-data.md', '"points":9');
    expect({ printed, shown }).toSatisfy(() => hasShownLines(printed, shown));
  });

  it('has the description of the API of docs/reference/dashboard-api.md', async () => {
    const printed = await run('docs/reference/dashboard-api.md', 'curl');
    expect(JSON.parse(printed)).toHaveProperty('paths');
  });

  it('shows its leases, as docs/troubleshooting.md says', async () => {
    const words = 'npx highwater leases aggregator';
    expect(await readFile('docs/troubleshooting.md', 'utf8')).toContain(`\`${words}\``);
    expect((await shell.run(words)).printed).toMatch(/shardId-000000000003/);
  });

  it('lists and removes consumers, as docs/consumer.md says', async () => {
    const StreamName = stream;
    const summary = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
    const StreamARN = summary.StreamDescriptionSummary?.StreamARN;
    const ConsumerName = 'highwater-aggregator';
    await kinesis.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName }));
    const printed = await run('docs/consumer.md', 'fan-out list');
    expect(printed).toMatch(/highwater-aggregator[^]*highwater-aggregator/);
  });

  it('writes the dead letters of docs/troubleshooting.md and docs/send-data.md', async () => {
    const shown = blocksOf('docs/troubleshooting.md').find(({ language }) => language === 'json');
    const letter = JSON.parse(shown?.text ?? '') as Record<string, string>;
    const Data = Buffer.from(letter['payload'] ?? '', 'base64');
    await kinesis.send(new PutRecordCommand({ StreamName: stream, PartitionKey: '1', Data }));
    const letters = (stage: string) =>
      readFile(join(clone.path, `.highwater/dead-letters/${stage}.ndjson`), 'utf8');
    await until(
      async () => [await letters('raw-writer'), await letters('aggregator')],
      (files) => !files.includes(''),
    );
    const tail = await run('docs/troubleshooting.md', 'tail -n 1');
    const [, line = ''] = /^(\{.*"stage":"raw-writer".*\})$/m.exec(tail) ?? [];
    const written = JSON.parse(line) as Record<string, string>;
    expect(Object.keys(written)).toEqual(Object.keys(letter));
    const { reason, detail, stage, payload } = letter;
    expect(written).toMatchObject({ reason, detail, stage, stream, payload });
    expect(await run('docs/send-data.md', 'dead-letters.mjs')).toContain(reason);
  });

  it('is what stops a service that wants its port, as docs/troubleshooting.md shows', async () => {
    const [, port = ''] = /:(\d+)/.exec(stack.withPorts('127.0.0.1:8080')) ?? [];
    const { printed } = await shell.run(
      `HW_HTTP_PORT=${port} npx node apps/aggregator/src/main.ts`,
    );
    const shown = output('docs/troubleshooting.md', 'is taken by').trim();
    const wanted = shown
      .split('…')
      .map((part) => part.replaceAll('19464', port).replace(/process \d+/, 'process \\d+'))
      .map((part) => part.replaceAll(/[()?]/g, String.raw`\$&`));
    expect(printed).toMatch(new RegExp(wanted.join('.*')));
  });
});

describe('the command `highwater`', () => {
  it('checks and tests views as docs/test-views.md and docs/views.md show', async () => {
    const [views = ''] = blocksOf('docs/views.md').map(({ text }) => text);
    await writeFile(join(clone.path, 'views.yaml'), views);
    const shownOn = (page: string) => blocksOf(page).filter(({ text }) => /is good|✓/.test(text));
    for (const [page, words] of [
      ['docs/views.md', 'views check'],
      ['docs/test-views.md', 'docs/examples/views'],
    ] as const) {
      const printed = await run(page, words);
      for (const { text } of shownOn(page)) expect(printed).toContain(text);
    }
    await run('docs/test-views.md', 'views schema');
    const schema = await readFile(join(clone.path, 'views.schema.json'), 'utf8');
    expect(JSON.parse(schema)).toHaveProperty('properties');
  });

  it('says which settings are wrong, as docs/troubleshooting.md shows', async () => {
    const { printed, exitCode } = await shell.run(
      'HW_VIEW=x HW_KINESIS_READ=push npx node apps/aggregator/src/main.ts',
    );
    expect(printed).toContain(output('docs/troubleshooting.md', 'settings are wrong'));
    expect(exitCode).toBe(2);
  });
});

describe('a local server', () => {
  /** The commands of a block, one a line, without what is said about them. */
  const linesOf = (block: string) =>
    block
      .trim()
      .split('\n')
      .map((line) => line.replace(/ +# .*$/, ''));

  it('starts with the commands of the README of kinesis-local', async () => {
    const page = 'apps/kinesis-local/README.md';
    const [makeKeys = '', ...withKeys] = linesOf(command(page, 'openssl'));
    expect(await shell.run(makeKeys)).toMatchObject({ exitCode: 0 });
    for (const line of [...linesOf(command(page, 'main.ts --data')), ...withKeys])
      expect({ line, exitCode: await exitCodeOf(line) }).toEqual({ line, exitCode: 0 });
    const files = inClass('files of kinesis-local').flatMap(({ text }) => text.match(/^[\w.-]+/gm));
    const directory = join(clone.path, '.kinesis');
    const kept = await readdir(directory);
    // The lock is gone with its process.
    expect(files.filter((name) => name !== 'lock' && name !== 'logs')).toEqual(
      expect.arrayContaining(kept.filter((name) => name.endsWith('.json'))),
    );
  });

  it('starts with the commands of the README of timestream-local', async () => {
    await copyFile(join(clone.path, 'cert.pem'), join(clone.path, 'c.pem'));
    await copyFile(join(clone.path, 'key.pem'), join(clone.path, 'k.pem'));
    for (const line of linesOf(command('apps/timestream-local/README.md', 'main.ts --data')))
      expect({ line, exitCode: await exitCodeOf(line) }).toEqual({ line, exitCode: 0 });
  });

  it('has the faults that the README of kinesis-local asks for', async () => {
    const page = 'apps/kinesis-local/README.md';
    const server = await startServer(
      'node_modules/.bin/node apps/kinesis-local/src/main.ts --admin',
      clone.path,
    );
    const curl = command(page, '/_admin/faults').replaceAll('localhost:4567', server.address);
    const { printed, exitCode } = await shell.run(curl.replaceAll('curl ', 'curl -sS --fail '));
    expect({ printed, exitCode }).toMatchObject({ exitCode: 0 });
    expect(await server.stop()).toBe(0);
  });

  /** Starts the server of a command and stops it, or prints the help, and returns the exit code. */
  async function exitCodeOf(line: string): Promise<number | null> {
    if (line.endsWith('--help')) return (await shell.run(line)).exitCode;
    const server = await startServer(line, clone.path);
    return server.stop();
  }
});

it('every block that is marked as run was run', () => {
  expect([...left]).toEqual([]);
});
