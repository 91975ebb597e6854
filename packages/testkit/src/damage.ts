import type { SeededRandom } from '@highwater/kinesis-engine/faults';

/** What has happened to a file. */
export interface Damage {
  /** In words, for a failing test: the kind of damage, and the place. */
  readonly what: string;
  /** The content of the file after the damage; undefined when it is missing. */
  readonly bytes: Buffer | undefined;
}

/** Damage that disks, crashes, and people do to files. */
const kinds = ['flip', 'flip', 'flip', 'cut', 'zeros', 'garbage', 'append', 'digit'] as const;

/**
 * Damages the content of a file in one of the ways that occur in practice. The first three damages
 * of a campaign leave nothing of it. The others are drawn from the seed, and sometimes change
 * nothing.
 *
 * @param at counts the damages of a campaign, from 0
 */
export function damage(content: Buffer, at: number, random: SeededRandom): Damage {
  const { length } = content;
  if (at === 0) return { what: 'missing', bytes: undefined };
  if (at === 1) return { what: 'emptied', bytes: Buffer.alloc(0) };
  if (at === 2) return { what: 'zeros alone', bytes: Buffer.alloc(length) };
  const kind = kinds[random.int(0, kinds.length - 1)] ?? 'flip';
  const place = random.int(0, length - 1);
  const span = Math.min(length - place, 1 << random.int(0, 12));
  const bytes = Buffer.from(content);
  switch (kind) {
    case 'flip': {
      const bit = random.int(0, 7);
      bytes.writeUInt8(bytes.readUInt8(place) ^ (1 << bit), place);
      return { what: `bit ${bit} of byte ${place} flipped`, bytes };
    }
    case 'cut':
      return { what: `cut to ${place} bytes`, bytes: bytes.subarray(0, place) };
    case 'zeros':
      return { what: `${span} zeros from ${place}`, bytes: bytes.fill(0, place, place + span) };
    case 'garbage':
      garbage(random, span).copy(bytes, place);
      return { what: `${span} bytes of garbage from ${place}`, bytes };
    case 'append': {
      const added = random.int(0, 1) === 0 ? Buffer.alloc(span) : garbage(random, span);
      return { what: `${span} bytes appended`, bytes: Buffer.concat([bytes, added]) };
    }
    case 'digit':
      return otherDigit(bytes, place, random);
  }
}

/** The kind of damage that is hardest to see in a text. */
function otherDigit(bytes: Buffer, from: number, random: SeededRandom): Damage {
  const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;
  const found = bytes.subarray(from).findIndex(isDigit);
  const place = found === -1 ? from : from + found;
  const before = bytes.readUInt8(place);
  bytes.writeUInt8(
    isDigit(before) ? 0x30 + ((before - 0x30 + random.int(1, 9)) % 10) : 0x30,
    place,
  );
  return { what: `another digit in byte ${place}`, bytes };
}

function garbage(random: SeededRandom, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.int(0, 255)));
}
