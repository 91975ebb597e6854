import { Command, Option } from 'commander';
import { nearestName } from './nearest-name.ts';

/** Command-line flags as alternative names of settings, e.g. `{ rate: 'HW_GENERATOR_RATE' }`. */
export type Flags = Readonly<Record<string, string>>;

/** The request of a command line. */
export interface ParsedArguments {
  readonly wants?: 'help' | 'version' | undefined;
  /** The settings given by flags. They take precedence over the environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
}

/**
 * Reads `--name value`, `--name=value`, and a bare `--name` (which means `true`).
 *
 * A value may be `-` or a negative number. Any other value that starts with a dash needs `=`.
 */
export function parseArguments(words: readonly string[], flags: Flags): ParsedArguments {
  const command = new Command()
    .helpOption(false)
    .option('-h, --help')
    .option('--version')
    .allowUnknownOption()
    .allowExcessArguments();
  const named = Object.entries(flags).map(([name, variable]) => {
    const option = new Option(`--${name} [value]`).preset('true');
    command.addOption(option);
    return { attribute: option.attributeName(), variable };
  });
  command.parse(words, { from: 'user' });
  const given = command.opts<Record<string, string | undefined>>();
  const env = Object.fromEntries(
    named.flatMap(({ attribute, variable }) => {
      const value = given[attribute];
      return value === undefined ? [] : [[variable, value]];
    }),
  );
  if (given['help'] !== undefined) return { wants: 'help', env, problems: [] };
  if (given['version'] !== undefined) return { wants: 'version', env, problems: [] };
  // The word after an unknown flag may be its value, or also wrong, so only one is reported at a
  // time.
  const [first] = command.args;
  return { env, problems: first === undefined ? [] : [refuse(first, flags)] };
}

function refuse(word: string, flags: Flags): string {
  const [, name] = /^--([^=]+)/.exec(word) ?? [];
  const meant = name && nearestName(name, [...Object.keys(flags), 'help', 'version']);
  const fix = meant ? `did you mean --${meant}?` : '--help lists all arguments';
  return `${word} is not an argument of this program: ${fix}`;
}
