import type { Config, ConfigShape } from '@highwater/settings';
import { loadConfig, settingsOfOthers } from './config.ts';
import { ConfigError } from './errors.ts';
import { parseArguments, type Flags } from './flags.ts';
import { version } from './version.ts';
import { describeConfig } from './describe-config.ts';

/** The name of a program, its settings, and the settings that contradict each other. */
export interface ProgramDefinition<S extends ConfigShape> {
  readonly name: string;
  /** One line for `--help`. */
  readonly description: string;
  readonly config: S;
  /** Command-line flags as alternative names of settings. */
  readonly flags?: Flags | undefined;
  /**
   * For a program that starts the others with settings of its own: it rejects settings that only
   * the others have, because they would not receive them. Any other program ignores such settings.
   *
   * @default false
   */
  readonly startsOthers?: boolean | undefined;
}

/**
 * Answers `--help` and `--version`, or reads the settings. Problems are for a person at a terminal:
 * they are printed as text on standard error, and the exit code becomes 2.
 *
 * @returns undefined when there is nothing left to run
 */
export function readProgramConfig<S extends ConfigShape>(
  definition: ProgramDefinition<S>,
  check: (config: Config<S>) => readonly string[],
): Config<S> | undefined {
  const { name, description, config: shape, flags = {}, startsOthers = false } = definition;
  const { wants, env, problems } = parseArguments(process.argv.slice(2), flags);
  if (wants === 'help') {
    process.stdout.write(renderHelp({ name, description, shape, flags }));
    return undefined;
  }
  if (wants === 'version') {
    process.stdout.write(`${name} ${version}\n`);
    return undefined;
  }
  try {
    if (problems.length > 0) throw new ConfigError(problems);
    const config = loadConfig(shape, { ...process.env, ...env });
    const others = startsOthers ? settingsOfOthers(shape, process.env) : [];
    const broken = [...others.map((other) => refuseOther(name, other)), ...check(config)];
    if (broken.length > 0) throw new ConfigError(broken);
    return config;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${name}: ${error.message}\nTo list all settings, add --help.\n`);
    process.exitCode = 2;
    return undefined;
  }
}

function refuseOther(name: string, other: string): string {
  return `${other} is a setting of another program, and ${name} does not pass it on to that program: unset it`;
}

/** What `--help` prints. */
function renderHelp(options: {
  readonly name: string;
  readonly description: string;
  readonly shape: ConfigShape;
  readonly flags: Flags;
}): string {
  const hasFlags = Object.keys(options.flags).length > 0;
  return [
    `${options.name} ${version}: ${options.description}`,
    '',
    'Settings (environment variables; an empty variable counts as unset):',
    ...(hasFlags
      ? ['You can also set the ones with a flag as --flag value. A flag overrides the variable.']
      : []),
    '',
    describeConfig(options.shape, options.flags).replace(/^/gm, '  '),
    '',
  ].join('\n');
}
