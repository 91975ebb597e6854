import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { systemClock, version } from '../src/index.ts';

const tinyService = fileURLToPath(new URL('./tiny-service.ts', import.meta.url));

interface Running extends Disposable {
  readonly child: ChildProcess;
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  readonly stderr: () => string;
  readonly stdout: () => string;
  /** The first line with this message, as soon as it is logged. */
  line(message: string): Promise<Readonly<Record<string, unknown>>>;
  exitCode(): Promise<number | null>;
}

/** Starts the tiny service on a free port. Disposal kills it if it is still running. */
function start(env: Record<string, string>, ...args: readonly string[]): Running {
  const child = spawn(process.execPath, [tinyService, ...args], {
    env: { PATH: process.env['PATH'], HW_HTTP_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const lines: Record<string, unknown>[] = [];
  let stdout = '';
  let stderr = '';
  const changed = new EventTarget();
  createInterface(child.stdout as Readable).on('line', (line) => {
    stdout += `${line}\n`;
    if (line.startsWith('{')) lines.push(JSON.parse(line) as Record<string, unknown>);
    changed.dispatchEvent(new Event('line'));
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  // Not the event `close`: it is not emitted after this side has closed the channel.
  const closed = Promise.all([once(child, 'exit'), once(child.stdout as Readable, 'end')]);
  return {
    child,
    lines,
    stdout: () => stdout,
    stderr: () => stderr,
    line: async (message) => {
      for (;;) {
        const found = lines.find(({ msg }) => msg === message);
        if (found !== undefined) return found;
        await Promise.race([
          once(changed, 'line'),
          closed.then(() => {
            throw new Error(`exited without logging "${message}": ${stdout}${stderr}`);
          }),
        ]);
      }
    },
    exitCode: async () => {
      await closed;
      return child.exitCode;
    },
    [Symbol.dispose]: () => {
      child.kill('SIGKILL');
    },
  };
}

async function urlOf(service: Running): Promise<string> {
  const { host, port } = await service.line('Serving health and metrics.');
  return `http://${String(host)}:${String(port)}`;
}

/** Polls until the answer is the expected one. The test's own timeout limits it. */
async function waitForStatus(url: string, status: number): Promise<string> {
  for (;;) {
    const reply = await fetch(url);
    const text = await reply.text();
    if (reply.status === status) return text;
    await systemClock.sleep(10);
  }
}

describe('runService', () => {
  it('prints its settings on --help and ends with 0', async () => {
    using service = start({ HW_HTTP_PORT: 'wrong' }, '--help');
    expect(await service.exitCode()).toBe(0);
    const help = service.stdout();
    expect(help).toContain(`tiny ${version}: Waits until it is stopped.`);
    for (const name of ['HW_TINY_DRAIN_MS', 'HW_HTTP_PORT', 'HW_LOG_LEVEL', '--drain-ms']) {
      expect(help).toContain(name);
    }
  });

  it('prints its version on --version and ends with 0', async () => {
    using service = start({}, '--version');
    expect(await service.exitCode()).toBe(0);
    expect(service.stdout()).toBe(`tiny ${version}\n`);
  });

  it('names every bad setting at once and ends with 2', async () => {
    using service = start({
      HW_HTTP_PORT: '70000',
      HW_TINY_FAILS: 'maybe',
      HW_LOG_LEVLE: 'debug',
      HW_AGGREGATOR_SERIES_MAXX: '1000',
      HW_TINY_DRAIN_MS: 'soon',
    });
    expect(await service.exitCode()).toBe(2);
    expect(service.stderr()).toContain('5 settings are wrong');
    expect(service.stderr()).toContain('HW_HTTP_PORT is "70000"');
    expect(service.stderr()).toContain('HW_TINY_FAILS is "maybe"');
    expect(service.stderr()).toContain('did you mean HW_LOG_LEVEL?');
    expect(service.stderr()).toContain('did you mean HW_AGGREGATOR_SERIES_MAX?');
    expect(service.stderr()).toContain('HW_TINY_DRAIN_MS is "soon"');
  });

  it('starts with the settings of other services in its environment, and logs their names', async () => {
    using service = start({ HW_VIEWS: 'views.yml', HW_AGGREGATOR_SERIES_MAX: 'many' });
    const { ignored, config } = await service.line('Starting.');
    expect(ignored).toEqual(['HW_VIEWS', 'HW_AGGREGATOR_SERIES_MAX']);
    expect(config).not.toHaveProperty('HW_VIEWS');
    await waitForStatus(`${await urlOf(service)}/readyz`, 200);
  });

  it('keeps the settings of other services out of its --help', async () => {
    using service = start({ HW_VIEWS: 'views.yml' }, '--help');
    expect(await service.exitCode()).toBe(0);
    expect(service.stdout()).not.toContain('HW_VIEWS');
  });

  it('names settings that contradict each other and ends with 2', async () => {
    using service = start({ HW_TINY_START_MS: '90000' });
    expect(await service.exitCode()).toBe(2);
    expect(service.stderr()).toContain('HW_TINY_START_MS must not exceed a minute');
  });

  it('prefers a flag to the environment', async () => {
    using service = start({ HW_TINY_DRAIN_MS: '60000' }, '--drain-ms', '1');
    const { config } = await service.line('Starting.');
    expect(config).toMatchObject({ HW_TINY_DRAIN_MS: 1 });
  });

  it('logs its settings once, without secrets', async () => {
    using service = start({ HW_TINY_PASSWORD: 'hunter2' });
    const { config } = await service.line('Starting.');
    expect(config).toMatchObject({ HW_TINY_PASSWORD: '***', HW_HTTP_HOST: '127.0.0.1' });
    expect(service.stdout()).not.toContain('hunter2');
  });

  it('becomes ready only when it says so, stops being ready while it drains, and ends with 0', async () => {
    using service = start({ HW_TINY_ASKS_PARENT: 'true' });
    const url = await urlOf(service);
    expect(await waitForStatus(`${url}/readyz`, 503)).toBe('starting\n');
    service.child.send('go on');
    expect(await waitForStatus(`${url}/readyz`, 200)).toBe('ready\n');
    service.child.kill('SIGTERM');
    expect(JSON.parse(await waitForStatus(`${url}/readyz?verbose`, 503))).toMatchObject({
      name: 'tiny',
      state: 'draining',
    });
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    service.child.send('go on');
    expect(await service.exitCode()).toBe(0);
    await service.line('Stopped.');
  });

  it('ends with 0 on SIGINT', async () => {
    using service = start({});
    await waitForStatus(`${await urlOf(service)}/readyz`, 200);
    service.child.kill('SIGINT');
    expect(await service.exitCode()).toBe(0);
  });

  it('ends with 1 when the drain exceeds its time limit', async () => {
    using service = start({ HW_TINY_DRAIN_MS: '60000', HW_SHUTDOWN_TIMEOUT_MS: '50' });
    await waitForStatus(`${await urlOf(service)}/readyz`, 200);
    service.child.kill('SIGTERM');
    expect(await service.exitCode()).toBe(1);
    await service.line(
      'Stopping before the drain is complete: it took longer than HW_SHUTDOWN_TIMEOUT_MS.',
    );
  });

  it('ends with 1 immediately when asked again', async () => {
    using service = start({ HW_TINY_DRAIN_MS: '60000' });
    await waitForStatus(`${await urlOf(service)}/readyz`, 200);
    service.child.kill('SIGTERM');
    await service.line('Draining.');
    const exitCode = service.exitCode();
    // Requests that arrive together count as one, and how close they arrive depends on the machine.
    while (service.child.exitCode === null) {
      service.child.kill('SIGTERM');
      await systemClock.sleep(100);
    }
    expect(await exitCode).toBe(1);
    await service.line('Stopping immediately: received a second request to stop during the drain.');
  });

  it('ends with 0 when the parent that holds its channel is gone', async () => {
    using service = start({});
    await waitForStatus(`${await urlOf(service)}/readyz`, 200);
    service.child.disconnect();
    expect(await service.exitCode()).toBe(0);
    expect(await service.line('Draining.')).toMatchObject({
      cause: 'the end of the parent process',
    });
  });

  it('logs the error that its body throws and ends with 1', async () => {
    using service = start({ HW_TINY_FAILS: 'true' });
    expect(await service.exitCode()).toBe(1);
    const { err } = await service.line('Stopping after an error.');
    expect(err).toMatchObject({ message: 'working: out of luck' });
  });

  it('names the taken port, its variable, and the process that has it, and ends with 2', async () => {
    const holder = createServer();
    holder.listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    try {
      using service = start({ HW_HTTP_PORT: String(port) });
      expect(await service.exitCode()).toBe(2);
      const { err } = await service.line('Stopping after an error.');
      const { message } = err as { message: string };
      expect(message).toContain(`port ${port} is taken by process ${process.pid}`);
      expect(message).toContain('set HW_HTTP_PORT to another port');
    } finally {
      holder.close();
    }
  });

  it('serves metrics of the process and of the build, and its version', async () => {
    using service = start({});
    const url = await urlOf(service);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain(`highwater_build_info{version="${version}"} 1`);
    expect(metrics).toContain('process_cpu_seconds_total');
    expect(await (await fetch(`${url}/version`)).json()).toMatchObject({ name: 'tiny', version });
    expect((await fetch(`${url}/nonsense`)).status).toBe(404);
  });
});
