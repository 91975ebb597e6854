import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/**
 * The terminal of a reader who pastes one block after another. Variables set by one block are
 * available to the next ones.
 */
export interface ReaderShell extends AsyncDisposable {
  /** Runs a block and returns what it printed. */
  run(block: string): Promise<{ readonly printed: string; readonly exitCode: number }>;
}

const mark = '<<< done';

/** Opens a shell in a directory. */
export function openShell(
  cwd: string,
  settings: Readonly<Record<string, string>> = {},
): ReaderShell {
  const child = spawn('bash', ['--noprofile', '--norc'], {
    cwd,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...settings },
  });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async run(block) {
      // Commands must not read what is written to the shell next.
      child.stdin.write(`{\n${block}\n} </dev/null 2>&1\necho "\n${mark} $?"\n`);
      let printed = '';
      for (;;) {
        const { value, done } = await lines.next();
        if (done === true) throw new Error(`the shell ended after:\n${printed}`);
        if (value.startsWith(mark)) return { printed, exitCode: Number(value.slice(mark.length)) };
        printed += `${value}\n`;
      }
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await exited;
    },
  };
}
