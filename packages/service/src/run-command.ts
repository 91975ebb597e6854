import { HighwaterError, type Clock } from '@highwater/model';
import type { Config, ConfigShape } from '@highwater/settings';
import { exitCodeOf } from './exit-code.ts';
import { readProgramConfig, type ProgramDefinition } from './program-config.ts';
import { listenForStop } from './stop-signal.ts';
import { systemClock } from './system-clock.ts';

/** A program for a person at a terminal. */
export interface CommandDefinition<S extends ConfigShape> extends ProgramDefinition<S> {
  /** Rules across settings: a description in words of each broken one. */
  readonly check?: ((config: Config<S>) => readonly string[]) | undefined;
}

/** What the body of a command receives. */
export interface CommandContext<C> {
  readonly config: C;
  /** Aborts on Ctrl-C and SIGTERM. A second signal ends the process immediately. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/**
 * Runs a program for a person at a terminal: like `runService`, but without health, metrics, and
 * logs. Prints errors in words, with a stack trace only for bugs. The exit codes are the same.
 */
export async function runCommand<S extends ConfigShape>(
  definition: CommandDefinition<S>,
  body: (context: CommandContext<Config<S>>) => Promise<void>,
): Promise<void> {
  const { name, check } = definition;
  const config = readProgramConfig(definition, (given) => check?.(given) ?? []);
  if (config === undefined) return;
  using stop = listenForStop({
    onStop: () => {},
    onInsist: () => {
      process.stderr.write(`${name}: stopped immediately after a second request to stop.\n`);
      process.exit(1);
    },
  });
  const { signal } = stop;
  try {
    await body({ config, signal, clock: systemClock });
  } catch (error) {
    if (signal.aborted && error === signal.reason) process.exit(0);
    process.stderr.write(`${name}: ${explain(error)}\n`);
    process.exit(exitCodeOf(error));
  }
  process.exit(0);
}

function explain(error: unknown): string {
  if (error instanceof HighwaterError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
