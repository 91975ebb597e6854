import { systemClock } from '@highwater/service';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));

interface ProcessEntry {
  readonly pid: number;
  readonly parentPid: number;
}

/** Every living process of the machine, without zombies. */
function processes(): readonly ProcessEntry[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='])
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , state]) => !state?.startsWith('Z'))
    .map(([pid, parentPid]) => ({ pid: Number(pid), parentPid: Number(parentPid) }));
}

/** A process, its children, their children, and so on. */
function familyOf(pid: number): readonly number[] {
  const all = processes();
  const family = [pid];
  for (const member of family) {
    family.push(...all.filter(({ parentPid }) => parentPid === member).map((each) => each.pid));
  }
  return family;
}

/** Starts the stack as a person does, in its own process group. */
async function npmStart() {
  const directory = await mkdtemp(join(tmpdir(), 'highwater-npm-'));
  const flags = ['--free-ports', '--feed', 'none', '--data-dir', directory];
  const npm = spawn('npm', ['start', '--', ...flags], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      npm_config_update_notifier: 'false',
    },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let family: readonly number[] = [];
  onTestFinished(async () => {
    for (const pid of new Set([...familyOf(npm.pid ?? 0), ...family])) killIfThere(pid);
    await rm(directory, { recursive: true, force: true });
  });
  let output = '';
  const closed = once(npm, 'close');
  const ready = new Promise<void>((resolve, reject) => {
    const take = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Ready after')) resolve();
    };
    npm.stdout.on('data', take);
    npm.stderr.on('data', take);
    void closed.then(() => reject(new Error(`ended early: ${output}`)));
  });
  await ready;
  family = familyOf(npm.pid ?? 0);
  return { npm, family, closed, output: () => output };
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

describe('npm start', () => {
  // Goal: a supervisor that ends npm ends the stack. Method: send a signal only to npm. The
  // processes it had started by then are found by their parents, because services have their own
  // process groups.
  it('drains the whole stack when npm gets a SIGTERM, and leaves no process behind', async () => {
    const { npm, family, closed, output } = await npmStart();
    // npm, this command, two servers, three services, and the dashboard.
    expect(family.length).toBeGreaterThanOrEqual(8);
    npm.kill('SIGTERM');
    expect(await closed).toEqual([0, null]);
    expect(output()).toContain('Stopped.');
    const alive = () => processes().filter(({ pid }) => family.includes(pid));
    while (alive().length > 0) await systemClock.sleep(50);
  });

  it('and runs every other script in place of its shell, which would not pass on signals', async () => {
    const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    // Except tools that end by themselves after a while.
    const { check: _steps, ...programs } = scripts;
    for (const [name, script] of Object.entries(programs)) {
      expect([name, script.split(' && ').at(-1)]).toEqual([name, expect.stringMatching(/^exec /)]);
    }
  });
});
