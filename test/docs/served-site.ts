import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './code-blocks.ts';

/** A file of the built site: its path relative to the site, and its text. */
export interface BuiltFile {
  readonly path: string;
  readonly text: string;
}

/** Builds and serves the site with the command of the documentation, until it is disposed. */
export async function serveSite(): Promise<{ readonly url: string } & AsyncDisposable> {
  const child = spawn('npm', ['run', 'site'], {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
    // npm starts processes of its own. As a group, they end together.
    detached: true,
  });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let output = '';
  child.stdout.on('data', (text) => {
    output += String(text);
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
    if (url !== undefined) resolve(url);
  });
  const exited = once(child, 'exit');
  child.on('exit', () => reject(new Error(`npm run site ended too soon:\n${output}`)));
  return {
    url: await promise,
    [Symbol.asyncDispose]: async () => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
      await exited;
    },
  };
}

/** The files of the built site that match a pattern. */
export function builtFiles(pattern: string): readonly BuiltFile[] {
  const site = fileURLToPath(new URL('.cache/site', root));
  return globSync(pattern, { cwd: site }).map((path) => ({
    path,
    text: readFileSync(join(site, path), 'utf8'),
  }));
}
