import type { StreamRecord } from '@highwater/model';

/** Records that once cost many times their size. */
export interface Bomb {
  readonly records: readonly StreamRecord[];
  /** Elements that are refused, all records together. */
  readonly refused: number;
  /** Points that are used. */
  readonly used: number;
  /** For records that may cause several letters. @default one per record */
  readonly lettersMax?: number;
}

/** When every record arrived. */
export const arrivalTimeMs = 1_763_800_000_000;
const hourMs = 3_600_000;
const mebibyte = 1024 * 1024;
/** Elements that are rejected individually, and the one that represents the rest. */
const givenUpAt = 1_001;

function bomb(texts: readonly string[], refused: number, used = 0): Bomb {
  const records = texts.map((text, index) => ({
    sequenceNumber: String(index + 1),
    partitionKey: 'p',
    data: new TextEncoder().encode(text),
    arrivalTimeMs,
  }));
  return { records, refused, used };
}

/** As many units as give `bytes` in total. */
function fill(unit: string, bytes: number): string {
  return unit.repeat(Math.floor((bytes - 2) / unit.length));
}

function array(unit: string, bytes: number): string {
  return `[${fill(`${unit},`, bytes).slice(0, -1)}]`;
}

function point(timeMs: number, rest = ''): string {
  return `{"MeasureName":"m","MeasureValue":1,"Time":${timeMs},"host":"h"${rest}}`;
}

const ahead = point(arrivalTimeMs + hourMs);
const padded = point(arrivalTimeMs + hourMs, `,"pad":"${'x'.repeat(70)}"`);

/** For readers of the raw stream. */
export const rawBombs: Readonly<Record<string, () => Bomb>> = {
  'eleven arrays of bare numbers, 1 MiB each': () =>
    bomb(Array<string>(11).fill(array('1', mebibyte)), 11 * givenUpAt),
  'an array of 1,800 points of an hour ahead': () =>
    bomb([`[${Array<string>(1_800).fill(padded).join()}]`], 1_800),
  '500 records of 15 kB whose clock is an hour ahead': () =>
    bomb(Array<string>(500).fill(`[${Array<string>(100).fill(padded).join()}]`), 50_000),
  '10 MiB of points of an hour ahead, every second one good': () => {
    const pair = `${ahead},${point(arrivalTimeMs)}`;
    const count = Math.floor((10 * mebibyte - 2) / (pair.length + 1));
    return bomb([`[${Array<string>(count).fill(pair).join()}]`], count, count);
  },
  '10 MiB of empty arrays': () => bomb([array('[]', 10 * mebibyte)], givenUpAt),
  '10 MiB of empty objects': () => bomb([array('{}', 10 * mebibyte)], givenUpAt),
  '10 MiB of lines of a brace': () => bomb([fill('{\n', 10 * mebibyte)], givenUpAt),
  '10 MiB of newlines': () => bomb([fill('\n', 10 * mebibyte)], 1),
  '5 million brackets': () => bomb(['['.repeat(5_000_000)], 1),
  'one object of a million members': () => bomb([`{${fill('"a":1,', 10 * mebibyte)}"b":1}`], 1),
  '10,000 records of a bracket': () => bomb(Array<string>(10_000).fill('['), 10_000),
};

/** For the reader of the results stream; here `refused` counts lines. */
export const resultsBombs: Readonly<Record<string, () => Bomb>> = {
  '10 MiB of lines of a brace': () => ({
    ...bomb([fill('{\n', 10 * mebibyte)], 101),
    lettersMax: 101,
  }),
  '1 MiB of wrong peers': () =>
    bomb(
      [
        `{"kind":"progress","progress":{"source":"s","settledMs":1,"isEnded":false,"children":[],"peers":${array('1', mebibyte - 500)}}}`,
      ],
      1,
    ),
  '1 MiB of wrong cells': () =>
    bomb([`{"kind":"partial","partial":{"accumulator":${array('"x"', mebibyte - 500)}}}`], 1),
  '1 MiB of dimensions that are none': () =>
    bomb(
      [`{"kind":"partial","partial":{"series":{"dimensions":${array('{}', mebibyte - 500)}}}}`],
      1,
    ),
  '10 MiB in one line': () => bomb([array('{}', 10 * mebibyte)], 1),
  'a million brackets': () => bomb(['['.repeat(1_000_000)], 1),
  '5 million brackets': () => bomb(['['.repeat(5_000_000)], 1),
};
