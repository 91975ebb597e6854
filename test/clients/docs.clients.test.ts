import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeBlocks } from '../docs/code-blocks.ts';
import { preparePython } from './python.ts';
import { runCommand } from './run-command.ts';
import { startServer, type Server } from './servers.ts';

const page = 'docs/send-data.md';
const python = await preparePython();
let server: Server;
let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'docs-'));
  server = await startServer('kinesis-local');
  await runCommand({
    command: join(dirname(python), 'aws'),
    args: [
      'kinesis',
      'create-stream',
      '--endpoint-url',
      server.endpoint,
      '--shard-count',
      '1',
    ].concat(['--stream-name', 'highwater-raw', '--region', 'us-east-1']),
    env: { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
  });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

/** A code block of the page, adapted to the server of this test. */
function block(language: string): string {
  const [code = ''] = codeBlocks(page, language);
  return code.replaceAll('http://127.0.0.1:4567', server.endpoint);
}

describe('docs/send-data.md', () => {
  it('sends a point with boto3', async () => {
    const script = join(directory, 'send.py');
    await writeFile(script, block('python'));
    const output = await runCommand({ command: python, args: [script] });
    expect(output).toBe('rejected records: 0\n');
  });

  it('sends a point with the AWS CLI', async () => {
    const path = [dirname(python), process.env['PATH']].join(delimiter);
    const output = await runCommand({
      command: 'bash',
      args: ['-e', '-c', block('bash')],
      env: { PATH: path },
      directory,
    });
    expect(JSON.parse(output)).toMatchObject({ ShardId: 'shardId-000000000000' });
  });
});
