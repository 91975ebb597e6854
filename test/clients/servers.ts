import { childEnvironment } from '@highwater/service';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from './root.ts';

/** A server in a process of its own. */
export interface Server extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
}

/** Servers of this repository that have clients. */
export type ServerName = 'kinesis-local' | 'timestream-local';

const isServing = /^Serving the (Kinesis|Timestream) API\.$/;

/** Starts a server of this repository on a free port, as its user would, and waits until it serves. */
export function startServer(name: ServerName): Promise<Server> {
  const main = join(root, 'apps', name, 'src/main.ts');
  return startProcess([process.execPath, main, '--port', '0'], (line) => {
    if (!line.startsWith('{')) return undefined;
    const { msg, port } = JSON.parse(line) as { readonly msg?: string; readonly port?: number };
    return isServing.test(msg ?? '') ? port : undefined;
  });
}

/** Starts moto, which plays DynamoDB and CloudWatch, on a free port. */
export function startMoto(python: string): Promise<Server> {
  const moto = [python, '-u', '-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'];
  return startProcess(moto, (line) => {
    const port = /Running on \S+:(\d+)/.exec(line)?.[1];
    return port === undefined ? undefined : Number(port);
  });
}

/** @param portIn returns the port, if a line of output contains it */
async function startProcess(
  [command = '', ...args]: readonly string[],
  portIn: (line: string) => number | undefined,
): Promise<Server> {
  const env = childEnvironment({ HW_HTTP_PORT: '0' });
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  const lines: string[] = [];
  const serving = Promise.withResolvers<number>();
  const ended = once(child, 'close').then(() => {
    serving.reject(new Error(`${args.join(' ')} ended:\n${lines.join('\n')}`));
  });
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => {
      if (lines.length < 100) lines.push(line);
      const port = portIn(line);
      if (port !== undefined) serving.resolve(port);
    });
  }
  const port = await serving.promise;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await ended;
    },
  };
}
