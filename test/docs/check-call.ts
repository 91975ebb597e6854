import type { Command } from 'commander';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import manifest from '../../package.json' with { type: 'json' };
import { copyCommand } from '../../apps/cli/src/copy/copy-command.ts';
import { doctorCommand } from '../../apps/cli/src/doctor/doctor-command.ts';
import { fanOutCommand } from '../../apps/cli/src/fan-out/fan-out-command.ts';
import { leasesCommand } from '../../apps/cli/src/leases/leases-command.ts';
import { viewsCommand } from '../../apps/cli/src/views/views-command.ts';
import { generatorFlags } from '../../apps/generator/src/config.ts';
import { kinesisLocalFlags } from '../../apps/kinesis-local/src/config.ts';
import { localFlags } from '../../apps/local/src/config.ts';
import { timestreamLocalFlags } from '../../apps/timestream-local/src/config.ts';
import { parseArguments } from '../../packages/service/src/flags.ts';
import { parts } from '../clients/parts.ts';
import { problemsOfAwsCall } from './aws-call.ts';
import { blocksOf, pages, root } from './code-blocks.ts';
import type { Call } from './record-calls.ts';

const pathOf = (path: string) => fileURLToPath(new URL(path, root));
const exists = (path: string) => existsSync(pathOf(path));
const scripts: Readonly<Record<string, string>> = manifest.scripts;
const highwaterCommands = [
  copyCommand(),
  doctorCommand(),
  fanOutCommand(),
  leasesCommand(),
  viewsCommand(),
];

const flagsOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'apps/generator/src/main.ts': generatorFlags,
  'apps/kinesis-local/src/main.ts': kinesisLocalFlags,
  'apps/local/src/main.ts': localFlags,
  'apps/timestream-local/src/main.ts': timestreamLocalFlags,
};

/** Files that a page tells its reader to write, by the comment in their first line or by its text. */
const written = new Set([
  'query.mjs',
  'send.mjs',
  ...pages.flatMap((page) =>
    blocksOf(page).flatMap(({ text }) => /^# ([\w.]+\.yml)/.exec(text)?.[1] ?? []),
  ),
]);

const compose = parse(readFileSync(pathOf('docker-compose.yml'), 'utf8'), { merge: true }) as {
  readonly services: Readonly<Record<string, { readonly profiles?: readonly string[] }>>;
};

/** What is wrong with a call of a page, in words: whatever it names that does not exist. */
export function problemsOf({ program, words }: Call): readonly string[] {
  return (checks[program] ?? (() => [`nobody checks ${program}`]))(words);
}

const checks: Readonly<Record<string, (words: readonly string[]) => readonly string[]>> = {
  aws: problemsOfAwsCall,
  docker: problemsOfDocker,
  git: ([command = '']) => (command === 'pull' ? [] : [`nobody checks git ${command}`]),
  highwater: problemsOfHighwater,
  node: problemsOfNode,
  npm: problemsOfNpm,
  npx: problemsOfNpx,
  openssl: () => [],
  psql: problemsOfPsql,
};

function problemsOfNpm([command = '', ...words]: readonly string[]): readonly string[] {
  // Commands of npm itself.
  if (['audit', 'ci', 'exec', 'install'].includes(command)) return [];
  const [name = '', rest] = command === 'run' ? [words[0], words.slice(1)] : [command, words];
  const script = scripts[name];
  if (script === undefined) return [`no script ${name}`];
  return problemsOfScript(name, script, rest[0] === '--' ? rest.slice(1) : rest);
}

function problemsOfScript(name: string, script: string, words: readonly string[]) {
  const [, file = ''] = /node (\S+)/.exec(script) ?? [];
  if (name === 'bench') {
    const [benchmark = 'windowing', ...options] = words;
    const source = `benchmarks/${benchmark}`;
    return [
      ...(exists(source) ? [] : [`no benchmark ${benchmark}`]),
      ...problemsOfOptions(options, sourceIn(source)),
    ];
  }
  if (name === 'test:clients') {
    const known = new Set(['-u', ...parts.map((part) => part.name)]);
    return words.filter((word) => !known.has(word)).map((word) => `no client ${word}`);
  }
  if (words.length > 0 && file === '') return [`${name} takes no words`];
  return words.length > 0 ? problemsOfNode([file, ...words]) : [];
}

/** A program of ours knows its flags; of another file, its text has each option. */
function problemsOfNode([file, ...words]: readonly string[]): readonly string[] {
  if (file === undefined) return [];
  if (!exists(file) && !written.has(file)) return [`no file ${file}`];
  if (file.startsWith('apps/')) return parseArguments(words, flagsOf[file] ?? {}).problems;
  return exists(file) ? problemsOfOptions(words, readFileSync(pathOf(file), 'utf8')) : [];
}

function problemsOfOptions(words: readonly string[], source: string): readonly string[] {
  return words
    .filter((word) => word.startsWith('--'))
    .filter((option) => !new RegExp(`\\b${option.slice(2)}\\b`).test(source))
    .map(unknown);
}

function problemsOfNpx([program = '', ...words]: readonly string[]): readonly string[] {
  if (program === 'node') return problemsOfNode(words);
  if (program === 'highwater') return problemsOfHighwater(words);
  if (program === 'vitest') return problemsOfVitest(words);
  return exists(`node_modules/.bin/${program}`) ? [] : [`no program ${program}`];
}

function problemsOfVitest(words: readonly string[]): readonly string[] {
  const project = words[words.indexOf('--project') + 1] ?? '';
  const paths = words.filter((word) => word.includes('/'));
  const files = globSync(`{packages,apps,tools,test,benchmarks}/**/*.${project}.test.ts`, {
    cwd: pathOf('.'),
    exclude: ['**/node_modules/**'],
  });
  return paths
    .filter((path) => !files.some((file) => file.includes(path)))
    .map((path) => `no ${project} test in ${path}`);
}

function problemsOfHighwater(words: readonly string[]): readonly string[] {
  let commands: readonly Command[] = highwaterCommands;
  let command: Command | undefined;
  const left = [...words];
  while (commands.length > 0) {
    const [name] = left;
    const found = commands.find((each) => each.name() === name);
    if (found === undefined) return name === undefined ? [] : [`no command ${name}`];
    left.shift();
    command = found;
    commands = found.commands;
  }
  return command === undefined ? [] : problemsOfArguments(command, left);
}

function problemsOfArguments(command: Command, words: readonly string[]): readonly string[] {
  const problems: string[] = [];
  const plain: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    const option = command.options.find(({ long }) => long === word);
    if (option?.required === true) index++;
    else if (option === undefined && word.startsWith('-')) problems.push(unknown(word));
    else if (option === undefined) plain.push(word);
  }
  const [argument] = command.registeredArguments;
  const choices = argument?.argChoices;
  return [
    ...problems,
    ...plain.filter((word) => choices?.includes(word) === false).map((word) => `no ${word}`),
  ];
}

function problemsOfPsql(words: readonly string[]): readonly string[] {
  const file = words[words.indexOf('--file') + 1] ?? '';
  return exists(file) ? [] : [`no file ${file}`];
}

const composeCommands = new Set('build config down exec logs ps restart run stop up'.split(' '));

function problemsOfDocker([command = '', ...words]: readonly string[]): readonly string[] {
  if (command === 'compose') return problemsOfCompose(words);
  if (command === 'run') return problemsOfRun(words);
  return ['buildx', 'exec', 'stats'].includes(command) ? [] : [`nobody checks docker ${command}`];
}

function problemsOfCompose(words: readonly string[]): readonly string[] {
  if (words.length === 0) return [];
  const at = words.findIndex((word) => composeCommands.has(word));
  const [command = '', ...rest] = words.slice(at === -1 ? words.length : at);
  const before = words.slice(0, at === -1 ? words.length : at);
  const valuesOf = (option: string) =>
    words.flatMap((word, index) => (word === option ? [words[index + 1] ?? ''] : []));
  const services = rest.filter((word) => /^[a-z][a-z-]+$/.test(word));
  // Of `run`, the service is last, after a name for its container.
  const named =
    command === 'exec' ? rest.slice(0, 1) : command === 'run' ? services.slice(-1) : services;
  const scaled = valuesOf('--scale').map((text) => text.split('=')[0] ?? '');
  const profiles = Object.values(compose.services).flatMap((service) => service.profiles ?? []);
  return [
    ...(at === -1 ? [`no command in ${before.join(' ')}`] : []),
    ...valuesOf('-f')
      .filter((file) => file.endsWith('.yml') && !exists(file) && !written.has(file))
      .map((file) => `no file ${file}`),
    ...valuesOf('--profile')
      .filter((name) => !profiles.includes(name))
      .map((name) => `no profile ${name}`),
    ...[...named, ...scaled]
      .filter((name) => !Object.hasOwn(compose.services, name))
      .map((name) => `no service ${name}`),
  ];
}

/** Paths in a container that runs: those of our images, or of a directory that is mounted. */
function problemsOfRun(words: readonly string[]): readonly string[] {
  const mount = words[words.indexOf('-v') + 1] ?? '';
  const [from = '', to = ''] = words.includes('-v') ? mount.split(':') : ['.', '/app'];
  const paths = words
    .filter((word) => word.startsWith(`${to}/`))
    .map((word) => word.slice(to.length));
  const [main, ...options] = words.slice(words.findIndex((word) => word.endsWith('main.ts')));
  return [
    ...paths.filter((path) => !exists(`${from}${path}`)).map((path) => `no file ${from}${path}`),
    ...(main?.endsWith('main.ts') === true ? problemsOfNode([main, ...options]) : []),
  ];
}

function sourceIn(directory: string): string {
  if (!exists(directory)) return '';
  return readdirSync(pathOf(directory))
    .map((name) => readFileSync(pathOf(`${directory}/${name}`), 'utf8'))
    .join('\n');
}

function unknown(option: string): string {
  return `no option ${option}`;
}
