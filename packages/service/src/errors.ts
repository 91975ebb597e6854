import { HighwaterError, isOutOfSpace, type ErrorRetry } from '@highwater/model';

/**
 * The settings cannot be used. The process exits with 2 and prints every problem, so that one start
 * is enough to fix them all.
 */
export class ConfigError extends HighwaterError {
  override readonly name = 'ConfigError';
  readonly code = 'HW_CONFIG_INVALID';
  readonly domain = 'user';
  readonly retry = 'never';
  /** One entry per setting, in words, with the fix. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options?: ErrorOptions) {
    const noun = problems.length === 1 ? 'setting is' : 'settings are';
    const list = problems.map((problem) => `\n  ${problem}`).join('');
    super(`reading configuration: ${problems.length} ${noun} wrong:${list}`, options);
    this.problems = problems;
  }
}

/** Where a server wanted to listen, and the settings that define it. */
export interface ListenTarget {
  readonly host: string;
  readonly port: number;
  /** The environment variable that sets the port, for the message. */
  readonly portVariable: string;
}

/** A server could not listen because another process has the port. */
export class PortTakenError extends HighwaterError {
  override readonly name = 'PortTakenError';
  readonly code = 'HW_SERVICE_PORT_TAKEN';
  readonly domain = 'user';
  readonly retry = 'never';
  readonly port: number;
  readonly portVariable: string;

  constructor(target: ListenTarget, holder: string | undefined, options?: ErrorOptions) {
    const by = holder === undefined ? 'another process' : `process ${holder}`;
    super(
      `listening on ${target.host}:${target.port}: port ${target.port} is taken by ${by}; ` +
        `stop it, or set ${target.portVariable} to another port (0 takes a free one)`,
      options,
    );
    this.port = target.port;
    this.portVariable = target.portVariable;
  }
}

/** Letters could not be written. None of their records counts as done. */
export class DeadLettersError extends HighwaterError {
  override readonly name = 'DeadLettersError';
  readonly code = 'HW_SERVICE_DEAD_LETTERS';
  readonly domain = 'external';
  readonly retry: ErrorRetry;

  constructor(path: string, cause: Error) {
    super(`writing dead letters to ${path}: ${cause.message}`, { cause });
    this.retry = isOutOfSpace(cause) ? 'backoff' : 'never';
  }
}
