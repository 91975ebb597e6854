import type { Clock } from '@highwater/model';
import { PortTakenError, version } from '@highwater/service';
import { join } from 'node:path';
import type { LocalConfig } from './config.ts';
import { postgresUrlFile } from './local-store.ts';
import { streams } from './pipeline.ts';
import { renderServiceTable, type ShownService } from './service-table.ts';
import { showProgress } from './show-progress.ts';
import { shownPath } from './shown-path.ts';
import { startLocalStack, type LocalStack, type LocalStackOptions } from './start-local-stack.ts';
import { createTerminal } from './terminal.ts';
import type { StackStep } from './start-local-stack.ts';
import type { Terminal } from './terminal.ts';

const terminal = createTerminal(process.stdout);

/**
 * Runs the stack for a person: shows where everything runs, shows its progress, and stops when
 * asked.
 */
export async function runLocal({
  config,
  signal,
  clock,
}: {
  readonly config: LocalConfig;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}): Promise<void> {
  const startedAtMs = clock.monotonicMs();
  const onStep = createStepReporter(terminal);
  const isFree = config.HW_LOCAL_FREE_PORTS;
  terminal.print(`${terminal.style('bold', 'Highwater')} ${version}, local stack`, '');
  using _tidied = { [Symbol.dispose]: () => terminal.clear() };
  {
    await using stack = await startOrAdvise({
      dataDirectory: config.HW_DATA_DIR,
      isFresh: config.HW_LOCAL_FRESH,
      kinesisPort: isFree ? 0 : config.HW_KINESIS_LOCAL_PORT,
      timestreamPort: isFree ? 0 : config.HW_TIMESTREAM_LOCAL_PORT,
      store: { store: config.HW_LOCAL_STORE, password: passwordSettings(config) },
      postgresPort: isFree ? 0 : config.HW_LOCAL_POSTGRES_PORT,
      dashboardPort: isFree ? 0 : config.HW_DASHBOARD_PORT,
      hasGenerator: config.HW_LOCAL_FEED === 'fleet',
      viewsFile: config.HW_VIEWS,
      settings: { generator: generatorSettings(config) },
      clock,
      signal,
      onStep,
    });
    introduce(stack, config, (clock.monotonicMs() - startedAtMs) / 1_000);
    await watch(stack, clock, signal);
  }
  terminal.clear();
  terminal.print(`Stopped. The data stays in ${shownPath(config.HW_DATA_DIR)} for the next start.`);
}

/** Here, there is a second way to fix a taken port. */
async function startOrAdvise(options: LocalStackOptions): Promise<LocalStack> {
  try {
    return await startLocalStack(options);
  } catch (error) {
    if (error instanceof PortTakenError)
      error.message += '; or start the stack with --free-ports, which uses any free ports';
    throw error;
  }
}

/**
 * Shows the stack's progress until it is asked to stop.
 *
 * @throws {ServiceCrashedError} when a service ends before
 */
async function watch(stack: LocalStack, clock: Clock, signal: AbortSignal): Promise<void> {
  const crashed = new AbortController();
  const crash = stack.crashed.then((error) => {
    crashed.abort();
    return error;
  });
  const either = AbortSignal.any([signal, crashed.signal]);
  await showProgress(stack, { terminal, clock }, either);
  terminal.settle();
  if (!crashed.signal.aborted) return;
  const error = await crash;
  terminal.print(
    terminal.style('red', `${error.service} has ended unexpectedly. Stopping the other services.`),
  );
  throw error;
}

function generatorSettings(config: LocalConfig): Readonly<Record<string, string>> {
  return {
    HW_GENERATOR_RATE: String(config.HW_GENERATOR_RATE),
    HW_GENERATOR_SERIES: String(config.HW_GENERATOR_SERIES),
    HW_GENERATOR_PERCENT_LATE: String(config.HW_GENERATOR_PERCENT_LATE),
    HW_GENERATOR_LATE_TIME_SECONDS: String(config.HW_GENERATOR_LATE_TIME_SECONDS),
    // With several points per second and series, whole seconds would make them overwrite each
    // other.
    HW_GENERATOR_TIME_UNIT: 'MILLISECONDS',
    HW_GENERATOR_LATE_PER_POINT: 'true',
  };
}

/** The password of a store of the person's own, as they have set it. */
function passwordSettings(config: LocalConfig): Readonly<Record<string, string>> {
  const { HW_STORE_PASSWORD, HW_STORE_PASSWORD_FILE, HW_STORE_PASSWORD_SECRET } = config;
  return {
    ...(HW_STORE_PASSWORD !== undefined && { HW_STORE_PASSWORD }),
    ...(HW_STORE_PASSWORD_FILE !== undefined && { HW_STORE_PASSWORD_FILE }),
    ...(HW_STORE_PASSWORD_SECRET !== undefined && { HW_STORE_PASSWORD_SECRET }),
  };
}

function introduce(stack: LocalStack, config: LocalConfig, seconds: number): void {
  terminal.clear();
  const page = stack.services.find(({ name }) => name === 'dashboard')?.apiUrl ?? '';
  const [head = '', ...table] = renderServiceTable(
    servicesAndStore(stack, config),
    terminal.columnsCount,
  );
  terminal.print(
    terminal.style('dim', head),
    ...table,
    '',
    `Ready after ${seconds.toFixed(1)} s. ${describeFeed(config, stack.kinesisUrl)}`,
    ...(config.HW_LOCAL_STORE === 'postgres' ? [describePostgres(stack)] : []),
    `Open the dashboard at ${terminal.style('bold', page)}.`,
    `Press Ctrl-C to stop. The data stays in ${shownPath(stack.dataDirectory)} for the next start.`,
    '',
  );
}

/** A store that is not one of the services is shown among them, with its address. */
function servicesAndStore(stack: LocalStack, config: LocalConfig): readonly ShownService[] {
  if (config.HW_LOCAL_STORE === 'timestream') return stack.services;
  const name = config.HW_LOCAL_STORE === 'postgres' ? 'postgres' : 'store';
  return [...stack.services, { name, apiUrl: stack.storeUrl, logFile: stack.storeLogFile }];
}

function describePostgres({ dataDirectory }: LocalStack): string {
  const file = shownPath(join(dataDirectory, postgresUrlFile));
  return `To query it, run psql "$(cat ${file})" or open the page Query. \\dv highwater.* lists a view for each measure.`;
}

function describeFeed(config: LocalConfig, kinesisUrl: string): string {
  if (config.HW_LOCAL_FEED === 'none') {
    return `Waiting for points in the stream ${streams.raw.name} at ${kinesisUrl}.`;
  }
  const rate = config.HW_GENERATOR_RATE.toLocaleString('en-US');
  return `The generator sends ${rate} points/s in ${config.HW_GENERATOR_SERIES} series; ${config.HW_GENERATOR_PERCENT_LATE} % of the points are ${config.HW_GENERATOR_LATE_TIME_SECONDS} s late.`;
}

/** Shows the progress of the start and the stop of the stack. */
function createStepReporter(terminal: Terminal): (step: StackStep) => void {
  const starting = new Set<string>();
  return ({ what, names }) => {
    for (const name of names) {
      if (what === 'starting') starting.add(name);
      else starting.delete(name);
    }
    if (what === 'stopping') show(terminal, `Stopping ${names.join(', ')} …`);
    // If lines are permanent, the table that follows says everything.
    else if (terminal.isLive) show(terminal, `Starting ${[...starting].join(', ')} …`);
  };
}

function show(terminal: Terminal, line: string): void {
  terminal.live(line.slice(0, terminal.columnsCount - 1));
}
