import { childEnvironment } from '@highwater/service';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { FilePart, Opened } from './damage-child.ts';

export interface DamagesOptions {
  /** Directory with the files of `makeFiles`. */
  readonly directory: string;
  readonly part: FilePart;
  readonly seed: string;
  readonly count: number;
}

/**
 * Damages a file in many ways, and returns the result of opening each. A process that ends may have
 * been harmed by an earlier damage that it had rejected. So the damage is retried in a new process.
 */
export async function runDamages({
  directory,
  part,
  seed,
  count,
}: DamagesOptions): Promise<readonly Opened[]> {
  const all: Opened[] = [];
  while (all.length < count) {
    const first = all.length;
    let begun: Opened | undefined;
    const args = [join(import.meta.dirname, 'damage-child.ts'), directory, part, seed];
    const child = spawn(process.execPath, [...args, String(all.length), String(count)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: childEnvironment({}),
    });
    const ended = once(child, 'close');
    for await (const line of createInterface({ input: child.stdout })) {
      const opened = JSON.parse(line) as Opened;
      if (opened.outcome === 'begun') begun = opened;
      else {
        all.push(opened);
        begun = undefined;
      }
    }
    await ended;
    if (begun && all.length === first) all.push({ ...begun, outcome: 'crashed' });
    else if (!begun && all.length < count)
      throw new Error(`the process ended before damage ${all.length}`);
  }
  return all;
}
