import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Removes the server's note that it runs when the process that it names is another program: after a
 * crash of the machine, or in a container, a number is soon used again, and PostgreSQL would believe
 * the note. Where programs cannot be looked up, PostgreSQL decides.
 */
export async function removeStalePid(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const note = await readFile(file, 'utf8').catch(() => '');
  const pid = Number(note.split('\n')[0]);
  if (!Number.isSafeInteger(pid) || pid < 1) return;
  const program = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
  if (program !== '' && program.trim() !== 'postgres') await rm(file, { force: true });
}
