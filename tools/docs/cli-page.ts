import type { Argument, Command, Option } from 'commander';
import { copyCommand } from '../../apps/cli/src/copy/copy-command.ts';
import { doctorCommand } from '../../apps/cli/src/doctor/doctor-command.ts';
import { fanOutCommand } from '../../apps/cli/src/fan-out/fan-out-command.ts';
import { leasesCommand } from '../../apps/cli/src/leases/leases-command.ts';
import { viewsCommand } from '../../apps/cli/src/views/views-command.ts';
import { renderPage } from './render-page.ts';
import { renderTable } from './render-table.ts';

/** A command with the text that its help does not have. */
interface Described {
  readonly command: () => Command;
  readonly more: string;
}

const commands: readonly Described[] = [
  {
    command: copyCommand,
    more: 'copy reads the environment variables of the services that write to and read from a store, for both sides; with `--help`, it lists them. Passwords are in `HW_COPY_FROM_PASSWORD` and `HW_COPY_TO_PASSWORD`, or in the files or secrets that the settings with `_FILE` and `_SECRET` name. For the target, set `HW_STORE_RAW_DAYS` and `HW_STORE_ROWS_DAYS` as for the services, because copy drops older partitions just as they do. Exit code 1 means that a range differs, or that a store could not be used.',
  },
  {
    command: doctorCommand,
    more: 'doctor reads the same environment variables as the services. With `--help`, it lists them; see also [Settings](settings.md). It needs the same permissions as the services that it checks. Each line of its output has a verdict: `ok`, `warn`, or `fail`. Below a problem, an arrow marks the fix. Exit code 1 means that at least one check failed.',
  },
  {
    command: viewsCommand,
    more: '`views check` exits with code 2 if the file has a problem. `views test` exits with code 1 if a test failed, and with code 2 if a file cannot be used. For examples with their output, see [Test views](../test-views.md).',
  },
  {
    command: leasesCommand,
    more: 'If you leave out an option, the command reads its environment variable, as the service does. Set the same variables as for the service. Exit code 1 means that the leases could not be read.',
  },
  {
    command: fanOutCommand,
    more: 'AWS bills a registered consumer for as long as it exists. Stop the service before you remove its consumer. For the stack of `npm start`, add `--endpoint http://127.0.0.1:4567`.',
  },
];

/** docs/reference/cli.md: each command of `highwater`, as the program defines it. */
export function renderCliPage(): string {
  return renderPage('Command line', [
    'On this page you can look up each command of `highwater`: its arguments, its options, and its exit codes.',
    '> This page is generated from the code. To change a text, change the command in [apps/cli](../../apps/cli/src), and then run `npm run docs`.',
    'Run `npx highwater` in a clone with its dependencies installed. Add `--help` to a command to see its options.',
    renderTable(
      ['Exit code', 'Meaning'],
      [
        ['0', 'The command succeeded.'],
        ['1', 'The command failed, or found a problem.'],
        ['2', 'A setting or a file cannot be used. The message names it.'],
      ],
    ),
    'If an argument or option is wrong, the exit code is 1.',
    ...commands.flatMap(({ command, more }) => describe(command(), 'highwater', 2, more)),
  ]);
}

function describe(
  command: Command,
  parent: string,
  level: number,
  more?: string,
): readonly string[] {
  const name = `${parent} ${command.name()}`;
  const { registeredArguments, options, commands: children } = command;
  return [
    `${'#'.repeat(level)} ${name}`,
    command.description(),
    ...(children.length > 0 ? [] : [`\`\`\`text\n${parent} ${usageOf(command)}\n\`\`\``]),
    ...(registeredArguments.length > 0
      ? [renderTable(['Argument', 'Meaning'], registeredArguments.map(argumentRow))]
      : []),
    ...(options.length > 0 ? [renderTable(['Option', 'Meaning'], options.map(optionRow))] : []),
    ...(more === undefined ? [] : [more]),
    ...children.flatMap((child) => describe(child, name, level + 1)),
  ];
}

function usageOf(command: Command): string {
  return `${command.name()} ${command.usage()}`;
}

function argumentRow(argument: Argument): readonly string[] {
  return [`\`${argument.name()}\``, withChoices(argument.description, argument.argChoices)];
}

function optionRow(option: Option): readonly string[] {
  const variable =
    option.envVar === undefined ? '' : `. Environment variable: \`${option.envVar}\``;
  const required = option.mandatory ? '. Required' : '';
  return [
    `\`${option.flags}\``,
    `${withChoices(option.description, option.argChoices)}${variable}${required}`,
  ];
}

function withChoices(text: string, choices: readonly string[] | undefined): string {
  return choices === undefined
    ? text
    : `${text}. Values: ${choices.map((choice) => `\`${choice}\``).join(', ')}`;
}
