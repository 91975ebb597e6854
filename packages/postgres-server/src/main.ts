import { serveParent } from '@highwater/service/child';
import { spawn, type ChildProcess } from 'node:child_process';
import type { GuardReply, GuardRequest } from './guarded-server.ts';

// Stands between the process that wants a server and the server, and stops the server when that
// process is gone, however it went: PostgreSQL itself does not watch who has started it.
let server: ChildProcess | undefined;

serveParent(
  (request, send) => {
    const wanted = request as GuardRequest;
    if (wanted.kind === 'signal') server?.kill(wanted.signal);
    else start(wanted, send);
  },
  // The fast shutdown: ends sessions, and leaves nothing to recover.
  () => server?.kill('SIGINT'),
);

function start(
  { command, flags, options }: GuardRequest & { readonly kind: 'start' },
  reply: (message: GuardReply) => void,
): void {
  server = spawn(command, flags, { ...options, stdio: ['ignore', 'inherit', 'inherit'] });
  const end = (cause: string) => {
    reply({ kind: 'ended', cause });
    process.disconnect();
  };
  server.on('error', (error) => end(error.message));
  server.on('exit', (code, signal) => end(signal ?? `exit code ${code}`));
  if (server.pid !== undefined) reply({ kind: 'started', pid: server.pid });
}
