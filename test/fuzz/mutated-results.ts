import {
  bucketPartitionKey,
  decodeResultsRecord,
  encodeResultsLine,
  resultsBucket,
  type OutgoingRecord,
  type StreamRecord,
} from '@highwater/model';
import type { SeededRandom } from '@highwater/testkit';

const encoder = new TextEncoder();

/**
 * The aggregator's output as an attacker might have changed it: lines changed, repeated, and
 * incomplete.
 */
export function mutatedResults(
  records: readonly OutgoingRecord[],
  random: SeededRandom,
  nowMs: number,
): readonly StreamRecord[] {
  let sequence = 0;
  const received = (text: string): StreamRecord => ({
    sequenceNumber: String(++sequence),
    partitionKey: bucketPartitionKey(bucketOf(text)),
    data: encoder.encode(text),
    arrivalTimeMs: nowMs,
  });
  const mutation = random.pick(mutations);
  const texts = records.flatMap(({ data }) => {
    const text = linesOf(data).join('\n');
    return random.chance(0.3) ? [text] : mutation(text, random);
  });
  const mutated = texts.map(received);
  if (random.chance(0.5)) return mutated;
  const progress = {
    source: 's',
    settledMs: nowMs,
    isEnded: false,
    children: [],
    peers: [],
    views: [],
  };
  return [...mutated, received(encodeResultsLine({ kind: 'progress', progress }))];
}

/**
 * The lines of a record in the previous format, which can be changed because it has no checksum.
 */
function linesOf(data: Uint8Array): string[] {
  return [...decodeResultsRecord(data)].flatMap((decoded) =>
    decoded.ok ? [encodeResultsLine(decoded.line)] : [],
  );
}

/** The bucket of the first line, because a record in another bucket is rejected unread. */
function bucketOf(text: string): number {
  const [decoded] = decodeResultsRecord(encoder.encode(text));
  if (!decoded?.ok || decoded.line.kind !== 'partial') return 0;
  return resultsBucket(decoded.line.partial.view, decoded.line.partial.series);
}

/** Gives the records that become of one. */
type Mutation = (text: string, random: SeededRandom) => readonly string[];

const mutations: readonly Mutation[] = [
  (text) => [text],
  (text) => [`${text}\n${text}`],
  (text, random) => [text.slice(random.int(0, text.length))],
  (text, random) => [text.replaceAll(/\d+/g, (digits) => (random.chance(0.02) ? '9' : digits))],
  // A row of many sources, and sources of many rows.
  (text, random) =>
    repeatedLine(text, (line) => line.replace('"source":"s"', `"source":"s${random.int(0, 1e9)}"`)),
  // The windows of all times.
  (text, random) =>
    repeatedLine(text, (line) => {
      const startMs = 60_000 * random.int(-1e8, 1e8);
      return line.replace(
        /"startMs":-?\d+,"endMs":-?\d+/,
        `"startMs":${startMs},"endMs":${startMs + 60_000}`,
      );
    }),
  (text, random) =>
    repeatedLine(text, (line) => line.replace(/"host"/, `"h${random.int(0, 1e9)}"`)),
  (text, random) =>
    repeatedLine(text, (line) => line.replace(/"accumulator":\[/, `$&${random.int(0, 9)},`)),
  (text, random) =>
    repeatedLine(text, (line) =>
      line.replace(/"contributions":\d+/, `"contributions":${random.int(0, 1e9)}`),
    ),
];

const repeatedMax = 60;

function repeatedLine(text: string, change: (line: string) => string): readonly string[] {
  const [line = ''] = text.split('\n');
  return Array.from({ length: repeatedMax }, () => change(line));
}
