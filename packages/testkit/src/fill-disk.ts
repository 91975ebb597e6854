import { open, type FileHandle } from 'node:fs/promises';

/** The calls of a file handle that need disk space. */
const writing = ['write', 'writeFile', 'appendFile'] as const;

/**
 * Makes every write through a file handle fail as on a full disk, in this process, until it is
 * disposed. It behaves the same on every machine, which a small file system would not.
 *
 * @param takenBytes how much of each `write` is still written; 0 by default
 */
export async function fillDisk(takenBytes = 0): Promise<Disposable> {
  await using any = await open(import.meta.filename);
  const prototype = Object.getPrototypeOf(any) as FileHandle;
  const originals = writing.map((name) => [name, Reflect.get(prototype, name) as unknown] as const);
  const write = Reflect.get(prototype, 'write') as () => Promise<unknown>;
  for (const name of writing) {
    Reflect.set(prototype, name, async function fail(this: FileHandle, content: unknown) {
      if (takenBytes > 0 && Buffer.isBuffer(content)) {
        await Reflect.apply(write, this, [content.subarray(0, takenBytes)]);
      }
      throw outOfSpace();
    });
  }
  return {
    [Symbol.dispose]: () => {
      for (const [name, original] of originals) Reflect.set(prototype, name, original);
    },
  };
}

/** The same error as Node's. */
function outOfSpace(): Error {
  const message = 'ENOSPC: no space left on device, write';
  return Object.assign(new Error(message), { errno: -28, code: 'ENOSPC', syscall: 'write' });
}
