import { HighwaterError, type Clock, type Logger } from '@highwater/model';
import type { Registry } from 'prom-client';
import { loadConfig, type Config, type ConfigShape } from './config.ts';
import { drainOnSignal } from './drain-on-signal.ts';
import { ConfigError } from './errors.ts';
import { parseArguments, type Flags } from './flags.ts';
import { createHealth, type Health } from './health.ts';
import { renderHelp } from './help.ts';
import { createLogger, type ServiceLogger } from './logger.ts';
import { opsConfig } from './ops-config.ts';
import { redactConfig } from './redact.ts';
import { createRegistry } from './registry.ts';
import { serveOps } from './serve-ops.ts';
import { systemClock } from './system-clock.ts';
import { version } from './version.ts';

/** What a service is called, what it can be told, and which settings contradict each other. */
export interface ServiceDefinition<S extends ConfigShape> {
  readonly name: string;
  /** One line for `--help`. */
  readonly description: string;
  readonly config: S;
  /** Command line flags as other names for settings. */
  readonly flags?: Flags | undefined;
  /** Rules across settings, each broken one in words: `HW_X must exceed HW_Y`. */
  readonly check?: ((config: Config<S & OpsConfig>) => readonly string[]) | undefined;
}

type OpsConfig = typeof opsConfig;

/** All that the body of a service gets from the machine. */
export interface ServiceContext<C> {
  readonly config: C;
  readonly registry: Registry;
  readonly health: Health;
  /** Aborts when the drain begins. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly clock: Clock;
  /** Address of the health and metrics server. */
  readonly httpUrl: string;
}

/**
 * Runs a service from its settings to its exit code; a `main.ts` is one call of this.
 *
 * SIGTERM and SIGINT turn `/readyz` to 503 and abort `signal`; the body must then finish its batch,
 * checkpoint, give back what it holds, and return (throwing the signal's reason is as good). The
 * health server closes last. Exit codes: 0 after a clean end, 1 after a crash, a drain beyond
 * `HW_SHUTDOWN_TIMEOUT_MS` or a second signal, 2 for settings that cannot be used.
 */
export async function runService<S extends ConfigShape>(
  definition: ServiceDefinition<S>,
  body: (context: ServiceContext<Config<S & OpsConfig>>) => Promise<void>,
): Promise<void> {
  const { name, description, flags = {} } = definition;
  const shape: S & OpsConfig = { ...definition.config, ...opsConfig };
  const parsed = parseArguments(process.argv.slice(2), flags);
  if (parsed.wants === 'help') {
    process.stdout.write(renderHelp({ name, description, shape, flags }));
    return;
  }
  if (parsed.wants === 'version') {
    process.stdout.write(`${name} ${version}\n`);
    return;
  }
  const config = readConfig(definition, shape, parsed);
  if (config === undefined) return;

  const log = createLogger({ name, level: config.HW_LOG_LEVEL, clock: systemClock });
  exitOnCrash(log);
  const exitCode = await runBody(name, config, log, body);
  log.flush();
  process.exit(exitCode);
}

/** Problems are for a person at a terminal, so they are text on standard error, not a log line. */
function readConfig<S extends ConfigShape>(
  definition: ServiceDefinition<S>,
  shape: S & OpsConfig,
  parsed: ReturnType<typeof parseArguments>,
): Config<S & OpsConfig> | undefined {
  try {
    if (parsed.problems.length > 0) throw new ConfigError(parsed.problems);
    const config = loadConfig(shape, { ...process.env, ...parsed.env });
    const broken = definition.check?.(config) ?? [];
    if (broken.length > 0) throw new ConfigError(broken);
    return config;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(
      `${definition.name}: ${error.message}\nRun with --help for all settings.\n`,
    );
    process.exitCode = 2;
    return undefined;
  }
}

async function runBody<C extends Config<OpsConfig>>(
  name: string,
  config: C,
  log: ServiceLogger,
  body: (context: ServiceContext<C>) => Promise<void>,
): Promise<number> {
  const health = createHealth();
  const registry = createRegistry();
  log.info({ version, node: process.versions.node, config: redactConfig(config) }, 'Starting.');
  using drain = drainOnSignal({ health, log, timeoutMs: config.HW_SHUTDOWN_TIMEOUT_MS });
  const { signal } = drain;
  try {
    const { HW_HTTP_HOST: host, HW_HTTP_PORT: port } = config;
    await using ops = await serveOps({ name, host, port, registry, health });
    log.info({ host: ops.host, port: ops.port }, 'Serving health and metrics.');
    await body({ config, registry, health, signal, log, clock: systemClock, httpUrl: ops.url });
    health.draining();
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) {
      log.error({ err: error }, 'Stopping after an error.');
      return isForUser(error) ? 2 : 1;
    }
  }
  log.info({}, 'Stopped.');
  return 0;
}

/** A views file with a mistake, a stream that does not exist, a taken port: starting again is no use. */
function isForUser(error: unknown): boolean {
  return error instanceof HighwaterError && error.domain === 'user';
}

/** An error that nobody awaited is a bug; what state it left is unknown, so the process ends. */
function exitOnCrash(log: ServiceLogger): void {
  process.on('uncaughtException', (error, origin) => {
    log.error({ err: error, origin }, 'Crashing on an error that nobody handled.');
    log.flush();
    process.exit(1);
  });
}
