import type { SeededRandom } from '@highwater/testkit';

/** One way of damaging the bytes of a file. */
export interface Damage {
  readonly name: string;
  /** @returns undefined for a removed file */
  readonly apply: (bytes: Buffer, random: SeededRandom) => Buffer | undefined;
}

const placeIn = (bytes: Buffer, random: SeededRandom) => random.int(0, bytes.length - 1);
const lengthFrom = (bytes: Buffer, from: number, random: SeededRandom) =>
  random.int(1, Math.min(bytes.length - from, 64));
const garbage = (random: SeededRandom) =>
  Buffer.from(Array.from({ length: random.int(1, 60) }, () => random.int(0, 255)));

function flip(bytes: Buffer, random: SeededRandom): Buffer {
  const flipped = Buffer.from(bytes);
  const at = placeIn(bytes, random);
  flipped[at] = (flipped[at] as number) ^ (1 << random.int(0, 7));
  return flipped;
}

/** Possible damage to a file that is not empty. */
export const damages: readonly Damage[] = [
  { name: 'one flipped bit', apply: flip },
  { name: 'one flipped bit', apply: flip },
  { name: 'one flipped bit', apply: flip },
  { name: 'two flipped bits', apply: (bytes, random) => flip(flip(bytes, random), random) },
  { name: 'cut', apply: (bytes, random) => bytes.subarray(0, placeIn(bytes, random)) },
  {
    name: 'without its start',
    apply: (bytes, random) => bytes.subarray(random.int(1, bytes.length)),
  },
  { name: 'emptied', apply: () => Buffer.alloc(0) },
  { name: 'missing', apply: () => undefined },
  {
    name: 'zeros',
    apply: (bytes, random) => {
      const from = placeIn(bytes, random);
      return Buffer.from(bytes).fill(0, from, from + lengthFrom(bytes, from, random));
    },
  },
  {
    name: 'a block twice',
    apply: (bytes, random) => {
      const from = placeIn(bytes, random);
      const block = bytes.subarray(from, from + lengthFrom(bytes, from, random));
      const at = random.int(0, bytes.length);
      return Buffer.concat([bytes.subarray(0, at), block, bytes.subarray(at)]);
    },
  },
  {
    name: 'all of it twice',
    apply: (bytes) => Buffer.concat([bytes, bytes]),
  },
  {
    name: 'a block lost',
    apply: (bytes, random) => {
      const from = placeIn(bytes, random);
      const to = from + lengthFrom(bytes, from, random);
      return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
    },
  },
  {
    name: 'garbage at its end',
    apply: (bytes, random) => Buffer.concat([bytes, garbage(random)]),
  },
  { name: 'garbage', apply: (_, random) => garbage(random) },
];
