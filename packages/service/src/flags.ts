import { nearestName } from './nearest-name.ts';

/** Command line flags as other names for settings, e.g. `{ rate: 'HW_GENERATOR_RATE' }`. */
export type Flags = Readonly<Record<string, string>>;

/** What the command line asks for. */
export interface ParsedArguments {
  readonly wants?: 'help' | 'version' | undefined;
  /** The settings that flags gave; they go before those of the environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
}

/**
 * Reads `--name value`, `--name=value` and a bare `--name` (which means `true`).
 *
 * A value may begin with one dash (`-`, `-5`), never with two.
 */
export function parseArguments(words: readonly string[], flags: Flags): ParsedArguments {
  const env: Record<string, string> = {};
  const problems: string[] = [];
  const left = [...words];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    if (word === '--help' || word === '-h') return { wants: 'help', env, problems };
    if (word === '--version') return { wants: 'version', env, problems };
    const [, name = '', inline] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    const variable = flags[name];
    const hasValue = inline === undefined && left[0] !== undefined && !left[0].startsWith('--');
    const value = inline ?? (hasValue ? left.shift() : undefined) ?? 'true';
    if (variable === undefined) problems.push(refuse(word, name, flags));
    else env[variable] = value;
  }
  return { env, problems };
}

function refuse(word: string, name: string, flags: Flags): string {
  const known = Object.keys(flags);
  const meant = name === '' ? undefined : nearestName(name, [...known, 'help', 'version']);
  const fix = meant === undefined ? '--help lists what there is' : `did you mean --${meant}?`;
  return `${word} is not an argument of this program: ${fix}`;
}
