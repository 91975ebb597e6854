import type { Clock, Logger } from '@highwater/model';
import { serviceSettings, type Config, type ConfigShape } from '@highwater/settings';
import type { Registry } from 'prom-client';
import { settingsOfOthers } from './config.ts';
import { drainOnStop } from './drain-on-stop.ts';
import { exitCodeOf } from './exit-code.ts';
import { createHealth, type Health } from './health.ts';
import { createLogger, type ServiceLogger } from './logger.ts';
import { readProgramConfig, type ProgramDefinition } from './program-config.ts';
import { createRegistry } from './registry.ts';
import { serveOps } from './serve-ops.ts';
import { systemClock } from './system-clock.ts';
import { version } from './version.ts';

/** A program that runs until it is stopped, with health and metrics. */
export interface ServiceDefinition<S extends ConfigShape> extends ProgramDefinition<S> {
  /**
   * Rules across settings: a description in words of each broken one, such as `HW_X must exceed
   * HW_Y`.
   */
  readonly check?: ((config: Config<S & OpsConfig>) => readonly string[]) | undefined;
}

type OpsConfig = typeof serviceSettings;

/** What the body of a service receives. */
export interface ServiceContext<C> {
  readonly config: C;
  readonly registry: Registry;
  readonly health: Health;
  /** Aborts when the drain starts. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly clock: Clock;
  /** Address of the health and metrics server. */
  readonly httpUrl: string;
}

/**
 * Runs a service from its settings to its exit code. A `main.ts` is one call of this function.
 *
 * SIGTERM, SIGINT, and the end of a parent with an IPC channel turn `/readyz` to 503 and abort
 * `signal`. The body must then finish its batch, write its checkpoint, release everything it holds,
 * and return (or throw the signal's reason). The health server closes last. Exit codes: 0 after a
 * clean end; 1 after a crash, a drain longer than `HW_SHUTDOWN_TIMEOUT_MS`, or a second signal; 2
 * for problems that only a person can fix. Files and directories that it creates are accessible
 * only to its user, whatever the umask.
 */
export async function runService<S extends ConfigShape>(
  definition: ServiceDefinition<S>,
  body: (context: ServiceContext<Config<S & OpsConfig>>) => Promise<void>,
): Promise<void> {
  const { name, check } = definition;
  const shape: S & OpsConfig = { ...definition.config, ...serviceSettings };
  // Everything that a service or one of its libraries writes comes from records, so other users of
  // the machine must not read it.
  process.umask(0o077);
  const config = readProgramConfig(
    { ...definition, config: shape },
    (given) => check?.(given) ?? [],
  );
  if (config === undefined) return;

  const log = createLogger({ name, level: config.HW_LOG_LEVEL, clock: systemClock });
  exitOnCrash(log);
  const ignored = settingsOfOthers(shape, process.env);
  log.info({ version, node: process.versions.node, config, ignored }, 'Starting.');
  const exitCode = await runBody(name, config, log, body);
  log.flush();
  process.exit(exitCode);
}

async function runBody<C extends Config<OpsConfig>>(
  name: string,
  config: C,
  log: ServiceLogger,
  body: (context: ServiceContext<C>) => Promise<void>,
): Promise<number> {
  const health = createHealth();
  const registry = createRegistry();
  using drain = drainOnStop({ health, log, timeoutMs: config.HW_SHUTDOWN_TIMEOUT_MS });
  const { signal } = drain;
  try {
    const { HW_HTTP_HOST: host, HW_HTTP_PORT: port, HW_HTTP_HOST_NAMES: hostNames } = config;
    await using ops = await serveOps({ name, host, port, hostNames, registry, health });
    log.info({ host: ops.host, port: ops.port }, 'Serving health and metrics.');
    await body({ config, registry, health, signal, log, clock: systemClock, httpUrl: ops.url });
    health.draining();
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) {
      log.error({ err: error }, 'Stopping after an error.');
      return exitCodeOf(error);
    }
  }
  log.info({}, 'Stopped.');
  return 0;
}

/** An error that nobody awaited is a bug. It leaves an unknown state, so the process ends. */
function exitOnCrash(log: ServiceLogger): void {
  process.on('uncaughtException', (error, origin) => {
    log.error({ err: error, origin }, 'Crashing on an unhandled error.');
    log.flush();
    process.exit(1);
  });
}
