import { systemClock } from '@highwater/service';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceSpec } from '../src/service-process.ts';
import { Stack } from '../src/stack.ts';

const main = fileURLToPath(new URL('./stub-service.ts', import.meta.url));
const api = { message: 'Serving the stub.', portVariable: 'HW_STUB_PORT' };
const { signal } = new AbortController();

let logs = '';

beforeEach(async () => {
  logs = await mkdtemp(join(tmpdir(), 'highwater-stack-'));
});
afterEach(async () => {
  await rm(logs, { recursive: true });
});

function openStack(): Stack {
  return new Stack({ logs, cache: join(logs, 'cache'), clock: systemClock });
}

function stub(name: string, settings: Readonly<Record<string, string>> = {}): ServiceSpec {
  return { name, main, settings };
}

async function logOf(name: string): Promise<string> {
  return readFile(join(logs, `${name}.log`), 'utf8');
}

describe('Stack', () => {
  it('starts services and returns their addresses once they are ready', async () => {
    await using stack = openStack();
    const one = await stack.start({ ...stub('one', { HW_STUB_PORT: '0' }), api }, signal);
    const two = await stack.start(stub('two'), signal);
    expect(one.apiUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(two.apiUrl).toBeUndefined();
    expect((await fetch(`${two.opsUrl}/readyz`)).status).toBe(200);
    expect(stack.services.map(({ name }) => name)).toEqual(['one', 'two']);
  });

  it('drains the services it stops, and the remaining ones when it is disposed', async () => {
    {
      await using stack = openStack();
      await Promise.all(['one', 'two'].map((name) => stack.start(stub(name), signal)));
      await stack.stop(['one']);
      expect(await logOf('one')).toContain('"Stopped."');
      expect(await logOf('two')).not.toContain('"Stopped."');
    }
    expect(await logOf('two')).toContain('"Stopped."');
  });

  it('reports a crash with the last lines of the log', async () => {
    await using stack = openStack();
    await stack.start(stub('one'), signal);
    await stack.start(stub('two', { HW_STUB_CRASHES: 'true' }), signal);
    const { message, service } = await stack.crashed;
    expect(service).toBe('two');
    expect(message).toContain('running two: it ended with code 1');
    expect(message).toContain('error Stopping after an error. working: no luck today');
  });

  it('reports a service that ends before it is ready', async () => {
    await using stack = openStack();
    const starting = stack.start(stub('one', { HW_STUB_NEVER_READY: 'true' }), signal);
    await expect(starting).rejects.toThrow('starting: no luck today');
  });

  it('reports a program that cannot be run', async () => {
    await using stack = openStack();
    const starting = stack.start({ ...stub('one'), main: join(logs, 'nothing.ts') }, signal);
    await expect(starting).rejects.toThrow(/ended with code 1[^]*Cannot find module/);
  });

  it('does not count an intended end as a crash, and restarts the service at its address', async () => {
    await using stack = openStack();
    const before = await stack.start({ ...stub('one', { HW_STUB_PORT: '0' }), api }, signal);
    expect(await stack.kill('one', 'SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
    const after = await stack.restart('one', signal);
    expect(after.apiUrl).toBe(before.apiUrl);
    expect((await fetch(`${stack.service('one').opsUrl}/readyz`)).status).toBe(200);
    // The first reported crash is that of another service.
    await stack.start(stub('two', { HW_STUB_CRASHES: 'true' }), signal);
    expect((await stack.crashed).service).toBe('two');
  });

  it('keeps the log of the previous run', async () => {
    for (const run of ['first', 'second']) {
      await using stack = openStack();
      await stack.start(stub(`one`, { HW_LOG_LEVEL: run === 'first' ? 'debug' : 'info' }), signal);
    }
    expect(await logOf('one')).toContain('"HW_LOG_LEVEL":"info"');
    expect(await readFile(join(logs, 'one.log.1'), 'utf8')).toContain('"HW_LOG_LEVEL":"debug"');
  });

  it('does not pass on settings that are meant for the parent', async () => {
    process.env['HW_NONSENSE'] = '1';
    try {
      await using stack = openStack();
      await expect(stack.start(stub('one'), signal)).resolves.toBeDefined();
    } finally {
      delete process.env['HW_NONSENSE'];
    }
  });

  it('ends the start when its signal aborts', async () => {
    await using stack = openStack();
    const controller = new AbortController();
    const reason = new Error('enough');
    const starting = stack.start(stub('one'), controller.signal);
    controller.abort(reason);
    await expect(starting).rejects.toBe(reason);
  });
});
