import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import {
  keptLetter,
  type DeadLettersReply,
  type DeadLettersRequest,
  type DeadLetterView,
} from '../contract.ts';
import { adviceFor } from './advice.ts';
import { decodePayload } from './decode-payload.ts';

/** How much of a file's end is read: letters only grow, and the newest matter. */
const tailBytesMax = 1_048_576;
const filesMax = 50;

type Letter = z.output<typeof keptLetter>;

/** The newest dead letters of all services; a line that is torn is passed over. */
export async function readDeadLetters(
  directory: string,
  { stage, reason, limit }: DeadLettersRequest,
): Promise<DeadLettersReply> {
  const letters = (await readTails(directory)).toSorted((a, b) => (a.time < b.time ? 1 : -1));
  const wanted = letters.filter(
    (each) => (stage ?? each.stage) === each.stage && (reason ?? each.reason) === each.reason,
  );
  return {
    letters: wanted.slice(0, limit).map(view),
    isTruncated: wanted.length > limit,
    reasons: countReasons(letters),
  };
}

async function readTails(directory: string): Promise<readonly Letter[]> {
  const names = await readdir(directory).catch(() => []);
  const files = names.filter((name) => name.endsWith('.ndjson')).slice(0, filesMax);
  const tails = await Promise.all(files.map((name) => readTail(join(directory, name))));
  return tails.flatMap((tail) => tail.split('\n').flatMap(parseLetter));
}

async function readTail(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - tailBytesMax);
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(size - start),
      0,
      size - start,
      start,
    );
    const text = buffer.subarray(0, bytesRead).toString();
    // What begins in the middle of a line begins with the next.
    return start === 0 ? text : text.slice(text.indexOf('\n') + 1);
  } finally {
    await file.close();
  }
}

function parseLetter(line: string): readonly Letter[] {
  try {
    const parsed = keptLetter.safeParse(JSON.parse(line));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}

function view({ payload, ...rest }: Letter): DeadLetterView {
  const bytes = Buffer.from(payload, 'base64');
  return { ...rest, payload: decodePayload(bytes), advice: adviceFor(rest.reason) };
}

function countReasons(letters: readonly Letter[]): DeadLettersReply['reasons'] {
  const counts = new Map<string, { stage: string; reason: string; lettersCount: number }>();
  for (const { stage, reason } of letters) {
    const key = `${stage}\0${reason}`;
    const found = counts.get(key) ?? { stage, reason, lettersCount: 0 };
    counts.set(key, { ...found, lettersCount: found.lettersCount + 1 });
  }
  return [...counts.values()].toSorted((a, b) => b.lettersCount - a.lettersCount);
}
