import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './code-blocks.ts';

/** A call of a program, as a shell understands what a page shows. */
export interface Call {
  readonly program: string;
  readonly words: readonly string[];
}

/** What the commands of a page call, and what the shell said. */
export interface RecordedCalls {
  readonly calls: readonly Call[];
  readonly said: string;
  readonly exitCode: number;
  /** The files that calls name as `file://…`, which earlier commands have written. */
  readonly files: ReadonlyMap<string, string>;
}

/** The programs that pages call. None of them runs: each call is written down. */
const programs = ['aws', 'docker', 'git', 'highwater', 'node', 'npm', 'npx', 'openssl', 'psql'];
const wordEnd = '\u001f';
const callEnd = '\u001e';

/**
 * `jq` must answer `."name"`, without the statements of some names, because the output is used. With `-r`
 * it reads what a recorded call printed, which is nothing.
 */
const jq = String.raw`const text = require('fs').readFileSync(process.argv[2], 'utf8');
  const [, name, omitted] = /^\.("[\w-]+") \| \.Statement \|= map\(select\(\.Sid \| test\("(.*)"\) \| not\)\)$/.exec(process.argv[1]);
  const policy = JSON.parse(text)[JSON.parse(name)];
  const Statement = policy.Statement.filter(({ Sid }) => !new RegExp(omitted).test(Sid));
  console.log(JSON.stringify({ ...policy, Statement }, null, 2));`;

const prelude = `
record() { printf '%s\\x1f' "$@" >> "$CALLS"; printf '\\x1e' >> "$CALLS"; }
${programs.map((name) => `${name}() { record ${name} "$@"; }`).join('\n')}
jq() { if [ "$1" = -r ]; then cat > /dev/null; else "$NODE" -e "$JQ" "$@"; fi; }
env() { while [[ "$1" == *=* ]]; do shift; done; "$@"; }
`;

/**
 * Gives commands to a shell in which programs only write down how they are called, so that its rules
 * for quotes, variables and loops need no second implementation. What the commands write themselves
 * stays in a directory of its own.
 */
export async function recordCalls(commands: readonly string[]): Promise<RecordedCalls> {
  const directory = await mkdtemp(join(tmpdir(), 'highwater-calls-'));
  await symlink(fileURLToPath(new URL('infra', root)), join(directory, 'infra'));
  const script = commands.join('\n').replaceAll('node_modules/.bin/node ', 'node ');
  await writeFile(join(directory, 'commands.sh'), `${prelude}\n${script}\n`);
  const calls = join(directory, 'calls');
  await writeFile(calls, '');
  const child = spawn('bash', ['--noprofile', '--norc', '-eu', 'commands.sh'], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Other pages use the name of the bucket that docs/aws.md lets its reader choose.
    env: {
      PATH: '/usr/bin:/bin',
      CALLS: calls,
      NODE: process.execPath,
      JQ: jq,
      BUCKET: 'my-highwater-snapshots',
    },
  });
  let said = '';
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding('utf8');
    output.on('data', (text: string) => (said += text));
  }
  const [exitCode] = (await once(child, 'close')) as [number];
  const list = (await readFile(calls, 'utf8'))
    .split(callEnd)
    .slice(0, -1)
    .map((call) => call.split(wordEnd).slice(0, -1))
    .map(([program = '', ...words]) => ({ program, words }));
  const files = new Map<string, string>();
  for (const word of list
    .flatMap(({ words }) => words)
    .filter((each) => each.startsWith('file:'))) {
    files.set(word, await readFile(join(directory, word.slice('file://'.length)), 'utf8'));
  }
  await rm(directory, { recursive: true });
  return { calls: list, files, said, exitCode };
}
