import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { childEnvironment } from '@highwater/service';
import { JsonClient } from './json-client.ts';
import { monotonicMs } from './monotonic.ts';
import type { ProbeCall, ProbeReport } from './probe.ts';
import { StallClock } from './stall-clock.ts';
import { createTables, nowMs } from './tables.ts';
import type { WatcherOrder, WatcherReport } from './watcher.ts';

/** How to run the server. */
export interface SubjectSettings {
  /** Path of the server's `main.ts`. */
  readonly main: string;
  readonly timeLimitMs: number;
  readonly memoryBytesMax: number;
}

/** The server with the other clients, and a watcher of its memory. */
export class Subject implements AsyncDisposable {
  readonly port: number;
  readonly stalls = new StallClock();
  /** Calls of the other clients that were slow or failed, since the last query. */
  probeCalls: ProbeCall[] = [];
  probeCallsCount = 0;
  /** The server's process and its child processes. */
  residentBytesMax = 0;
  residentAtMs = 0;
  /** Before the first statement. */
  baseBytes = 0;
  /** The reason why the server is gone. */
  gone: string | undefined;
  readonly #server: ChildProcess;
  readonly #children: readonly ChildProcess[];
  readonly #directory: string;
  readonly #exited: Promise<unknown>;
  #isEnding = false;

  private constructor(parts: {
    server: ChildProcess;
    children: readonly ChildProcess[];
    directory: string;
    port: number;
  }) {
    this.#server = parts.server;
    this.#children = parts.children;
    this.#directory = parts.directory;
    this.port = parts.port;
    this.#exited = once(parts.server, 'exit').then(([code, signal]) => {
      if (!this.#isEnding) this.gone ??= `the process ended: ${String(signal ?? code)}`;
    });
  }

  /** Starts a server over its own copy of the tables. */
  static async start(settings: SubjectSettings, dataFile: string): Promise<Subject> {
    const directory = await mkdtemp(join(tmpdir(), 'highwater-statements-'));
    const data = join(directory, 'data.duckdb');
    await cp(dataFile, data);
    const { server, port, opsPort } = await startServer(settings, data);
    const watcher = fork(new URL('./watcher.ts', import.meta.url));
    const probe = fork(new URL('./probe.ts', import.meta.url), [String(port), String(opsPort)]);
    const subject = new Subject({ server, children: [watcher, probe], directory, port });
    watcher.on('message', (report: WatcherReport) => subject.#onWatcher(report));
    probe.on('message', (report: ProbeReport) => subject.#onProbe(report));
    const killBytes = 2 ** 30 + 4 * settings.memoryBytesMax;
    watcher.send({ pid: server.pid ?? 0, killBytes } satisfies WatcherOrder);
    await subject.#warmUp();
    return subject;
  }

  /** Waits until everything up to now has been reported. */
  async settle(): Promise<void> {
    await new Promise((resolve) => {
      setTimeout(resolve, settleMs);
    });
  }

  async kill(): Promise<void> {
    this.#server.kill('SIGKILL');
    await this.#exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnding = true;
    await this.kill();
    for (const child of this.#children) {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    await rm(this.#directory, { recursive: true, force: true });
  }

  /** Until all watchers are running, which takes some time on a busy machine. */
  async #warmUp(): Promise<void> {
    const untilMs = monotonicMs() + warmUpMsMax;
    while (this.residentBytesMax === 0 || this.probeCallsCount < warmUpCalls) {
      if (monotonicMs() > untilMs) throw new Error('starting the other clients: none is heard of');
      await this.settle();
    }
    this.baseBytes = this.residentBytesMax;
    this.residentBytesMax = 0;
    this.probeCallsCount = 0;
    this.probeCalls = [];
  }

  #onWatcher({ stalls, residentBytesMax, residentAtMs, isKilled }: WatcherReport): void {
    this.stalls.add(stalls);
    if (residentBytesMax > this.residentBytesMax) {
      this.residentBytesMax = residentBytesMax;
      this.residentAtMs = residentAtMs;
    }
    if (isKilled) this.gone = `ended by us at ${Math.round(residentBytesMax / 2 ** 20)} MiB`;
  }

  #onProbe({ calls, stalls, callsCount }: ProbeReport): void {
    this.stalls.add(stalls);
    this.probeCalls.push(...calls);
    this.probeCallsCount += callsCount;
  }
}

/** Reports arrive every 100 ms, from processes that need time to run. */
const settleMs = 250;
const warmUpCalls = 30;
const warmUpMsMax = 60_000;

/** Fills a file with the tables, to be copied for each server. */
export async function fillTables(settings: SubjectSettings, dataFile: string): Promise<void> {
  const { server, port } = await startServer(settings, dataFile);
  using client = new JsonClient(port);
  await createTables(client);
  const exited = once(server, 'exit');
  server.kill('SIGTERM');
  await exited;
}

async function startServer({ main, timeLimitMs, memoryBytesMax }: SubjectSettings, data: string) {
  const clock = new Date(nowMs).toISOString();
  const server = spawn(
    process.execPath,
    [main, '--port', '0', '--data', data, '--retention-clock', clock],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: childEnvironment({
        HW_HTTP_PORT: '0',
        HW_TIMESTREAM_LOCAL_QUERY_TIME_LIMIT_MS: String(timeLimitMs),
        HW_TIMESTREAM_LOCAL_MEMORY_BYTES_MAX: String(memoryBytesMax),
      }),
    },
  );
  const end = () => server.kill('SIGKILL');
  process.once('exit', end);
  server.once('exit', () => process.off('exit', end));
  let opsPort = 0;
  for await (const line of createInterface({ input: server.stdout })) {
    const { msg, port = 0 } = JSON.parse(line) as { msg: string; port?: number };
    if (msg === 'Serving health and metrics.') opsPort = port;
    if (msg !== 'Serving the Timestream API.') continue;
    server.stdout.resume();
    return { server, port, opsPort };
  }
  throw new Error('starting the server: it ended before it served');
}
