import type { Clock } from '@highwater/model';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { ServiceCrashedError } from './errors.ts';
import {
  describeExit,
  ServiceProcess,
  type ServiceExit,
  type ServiceSpec,
} from './service-process.ts';
import { shownPath } from './shown-path.ts';

/** A service of the stack, in its current run. */
export interface RunningService {
  readonly name: string;
  /** Address of health and metrics; a restart changes it. */
  readonly opsUrl: string;
  /** A server's own address; a restart keeps it. */
  readonly apiUrl?: string | undefined;
  /** In the form that a person would type. */
  readonly logFile: string;
}

interface Member {
  process: ServiceProcess;
  running: RunningService;
  /** Settles after its end has been reported; undefined until it is ready. */
  watched?: Promise<void>;
}

/**
 * Child processes that live and end together. Disposal stops the ones that are still running, last
 * started first. `stop` stops some of them earlier, in the order that the caller chooses.
 */
export class Stack implements AsyncDisposable {
  /** Resolves when a service ends unexpectedly. The others are still running then. */
  readonly crashed: Promise<ServiceCrashedError>;
  readonly #members = new Map<string, Member>();
  readonly #logs: string;
  readonly #cache: string;
  readonly #clock: Clock;
  readonly #onCrash: (crash: ServiceCrashedError) => void;

  constructor(options: {
    readonly logs: string;
    /** Where compiled code is stored between runs. */
    readonly cache: string;
    readonly clock: Clock;
  }) {
    this.#logs = options.logs;
    this.#cache = options.cache;
    this.#clock = options.clock;
    const { promise, resolve } = Promise.withResolvers<ServiceCrashedError>();
    this.crashed = promise;
    this.#onCrash = resolve;
  }

  /** In the order of their start. */
  get services(): readonly RunningService[] {
    return [...this.#members.values()].map(({ running }) => running);
  }

  /** Whether a service of this name was started, whatever its state is now. */
  has(name: string): boolean {
    return this.#members.has(name);
  }

  /** One service by its name, which must have been started. */
  service(name: string): RunningService {
    return this.#member(name).running;
  }

  /** Starts a service and waits until it is ready. */
  async start(spec: ServiceSpec, signal: AbortSignal): Promise<RunningService> {
    const { name } = spec;
    const logFile = join(this.#logs, `${name}.log`);
    const process = new ServiceProcess(spec, { logFile, cache: this.#cache, clock: this.#clock });
    const starting = { name, opsUrl: '', logFile: shownPath(logFile) };
    const member: Member = { process, running: starting };
    // Registered before it is ready, so that it is also stopped if another one fails to start.
    this.#members.set(name, member);
    member.running = { ...starting, ...(await process.ready(signal)) };
    member.watched = this.#watch(process);
    return member.running;
  }

  /** Sends a signal to a service and waits for its end, which then counts as intended. */
  kill(name: string, signal: NodeJS.Signals): Promise<ServiceExit> {
    return this.#member(name).process.kill(signal);
  }

  /**
   * Starts a service again after its end, with the same settings and, for a server, the same port.
   */
  async restart(name: string, signal: AbortSignal): Promise<RunningService> {
    const { process, running, watched } = this.#member(name);
    assert(process.hasExited, `${name} still runs; kill it first`);
    await watched;
    const { spec } = process;
    const port = running.apiUrl === undefined ? undefined : new URL(running.apiUrl).port;
    const settings =
      spec.api === undefined || port === undefined
        ? spec.settings
        : { ...spec.settings, [spec.api.portVariable]: port };
    return this.start({ ...spec, settings }, signal);
  }

  /** Drains the services with these names together, and waits for their ends. */
  async stop(names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name) => this.#member(name).process.stop()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of [...this.#members.keys()].toReversed()) {
      await this.stop([name]);
      await this.#member(name).watched;
    }
  }

  #member(name: string): Member {
    const member = this.#members.get(name);
    assert(member, `${name} is not part of this stack`);
    return member;
  }

  async #watch(process: ServiceProcess): Promise<void> {
    const exit = await process.exited;
    // A generator that has sent its whole file may end.
    if (process.isStopping || exit.code === 0) return;
    this.#onCrash(process.crash(describeExit(exit)));
  }
}
