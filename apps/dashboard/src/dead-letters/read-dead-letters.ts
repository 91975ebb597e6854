import { adviceFor } from '@highwater/model';
import { deadLetterFiles } from '@highwater/service';
import { basename, join } from 'node:path';
import type { DeadLettersReply, DeadLettersRequest, DeadLetterView } from '../contract.ts';
import { decodePayload } from './decode-payload.ts';
import { parseLetter, type ParsedLetter } from './parse-letter.ts';
import { readNewestLines } from './read-newest-lines.ts';

const stagesMax = 50;

/** The newest dead letters of all services. Torn or damaged lines are counted per file. */
export async function readDeadLetters(
  directory: string,
  { stage, reason, limit }: DeadLettersRequest,
): Promise<DeadLettersReply> {
  const { unsorted, unreadable } = await readNewest(directory);
  const letters = unsorted.toSorted((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0));
  const wanted = letters.filter(
    (each) =>
      (stage ?? each.stage) === each.stage &&
      (reason === undefined || reasonsOf(each).includes(reason)),
  );
  return {
    letters: wanted.slice(0, limit).map(view),
    isTruncated: wanted.length > limit,
    reasons: countReasons(letters),
    unreadable,
  };
}

interface Newest {
  readonly unsorted: readonly ParsedLetter[];
  readonly unreadable: DeadLettersReply['unreadable'];
}

async function readNewest(directory: string): Promise<Newest> {
  const files = (await deadLetterFiles(directory).catch(() => [])).toReversed();
  const byStage = Map.groupBy(files, ({ stage }) => stage);
  const unsorted: ParsedLetter[] = [];
  const unreadable = new Map<string, number>();
  // One service after another, because reading all at the same time would need much more memory.
  for (const ofStage of [...byStage.values()].slice(0, stagesMax)) {
    for (const line of await readNewestLines(ofStage.map(({ name }) => join(directory, name)))) {
      const letter = parseLetter(line);
      if (letter) unsorted.push(letter);
      else unreadable.set(line.path, (unreadable.get(line.path) ?? 0) + 1);
    }
  }
  return {
    unsorted,
    unreadable: [...unreadable].map(([path, linesCount]) => ({ file: basename(path), linesCount })),
  };
}

/** The reasons of all rejected elements of a record, or the one of the whole record. */
function reasonsOf({ reason, elements }: ParsedLetter): readonly string[] {
  return elements ? Object.keys(elements.reasons) : [reason];
}

function view({ payload, payloadBytes, ...rest }: ParsedLetter): DeadLetterView {
  return {
    ...rest,
    payload: decodePayload(payload, { sizeBytes: payloadBytes, elements: rest.elements }),
    advice: adviceFor(rest.reason),
  };
}

function countReasons(letters: readonly ParsedLetter[]): DeadLettersReply['reasons'] {
  const counts = new Map<string, { stage: string; reason: string; lettersCount: number }>();
  for (const letter of letters) {
    const { stage } = letter;
    for (const reason of reasonsOf(letter)) {
      const key = `${stage}\0${reason}`;
      const found = counts.get(key) ?? { stage, reason, lettersCount: 0 };
      counts.set(key, { ...found, lettersCount: found.lettersCount + 1 });
    }
  }
  return [...counts.values()].toSorted((a, b) => b.lettersCount - a.lettersCount);
}
