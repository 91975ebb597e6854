import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';

const preload = new URL('../../infra/docker/early-stop.mjs', import.meta.url).href;

/** How a program ends that is asked to stop as soon as it says that it runs. */
async function stopped(program: string): Promise<readonly [number | null, string | null]> {
  const child = spawn(process.execPath, ['--import', preload, '--eval', program]);
  await once(child.stdout, 'data');
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
  child.kill('SIGTERM');
  return exited;
}

describe('a service in a container', () => {
  it('ends when it is stopped before it handles the signal', async () => {
    const program = `setInterval(() => {}, 1000); console.log('loading');`;
    expect(await stopped(program)).toEqual([0, null]);
  });

  it('drains by itself once it handles the signal', async () => {
    const program = `
      process.on('SIGTERM', () => setTimeout(() => process.exit(7), 10));
      setInterval(() => {}, 1000); console.log('ready');`;
    expect(await stopped(program)).toEqual([7, null]);
  });
});
