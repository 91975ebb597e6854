import { encodeAggregate, type SeededRandom } from '@highwater/testkit';
import type { OutgoingRecord } from '@highwater/model';

/** A point as it was meant, in plain terms: dimensions without empty values. */
export interface MeantPoint {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly type: 'DOUBLE' | 'BIGINT';
  /** The value over 2, so that halves are whole. */
  readonly halves: bigint;
  readonly timeMs: number;
}

/** An element of a record: a point, or something that no service can use. */
export type Meant = MeantPoint | 'refused';

/** One record as a service reads it, possibly from an aggregate. */
export type MeantRecord = readonly Meant[];

interface Device {
  readonly aheadMs: number;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Uploads a buffer of its last points together, newest first or in any order. */
  readonly isBuffering: boolean;
}

const devicesCount = 8;
const encoder = new TextEncoder();

/** Integers that a double does not hold, in halves. */
const beyondDoubles = 2n ** 54n;

/**
 * The input of unusual producers, from one seed: clocks that are ahead, buffers in any order,
 * several devices in one record, aggregates, both numeric types, empty and absent dimensions, and
 * records that are not points. The meaning of each is stored next to its bytes, so that checking
 * the rows needs no decoder.
 */
export class EdgeInput {
  readonly #meant = new Map<string, readonly MeantRecord[]>();
  readonly #devices: readonly Device[];

  constructor(random: SeededRandom) {
    const fastShare = random.uniform() * 0.3;
    this.#devices = Array.from({ length: devicesCount }, (_, index) => ({
      // From a second to beyond the largest skew, each order of magnitude as often as the others.
      aheadMs: random.chance(fastShare) ? Math.round(1_000 * 35 ** random.uniform()) : 0,
      dimensions: { site: `s${index % 3}`, ...(index % 2 === 0 ? { room: `r${index}` } : {}) },
      isBuffering: random.chance(0.3),
    }));
  }

  /** The meaning of the bytes of a record of the stream; several for an aggregate. */
  meantBy(data: Uint8Array): readonly MeantRecord[] {
    const meant = this.#meant.get(keyOf(data));
    if (!meant) throw new Error('a record that was never sent');
    return meant;
  }

  /** The records of one step. */
  readonly next = (random: SeededRandom, nowMs: number): readonly OutgoingRecord[] => {
    const partitionKey = `key-${random.int(0, 1_000_000)}`;
    if (random.chance(0.12)) {
      const subs = Array.from({ length: random.int(1, 6) }, () => this.#datum(random, nowMs));
      const packed = subs.map(({ data }, index) => ({ partitionKey: `k${index}`, data }));
      return [this.#send(partitionKey, encodeAggregate(packed), subs)];
    }
    const datum = this.#datum(random, nowMs);
    return [this.#send(partitionKey, datum.data, [datum])];
  };

  #send(
    partitionKey: string,
    data: Uint8Array,
    records: readonly { readonly meant: MeantRecord }[],
  ): OutgoingRecord {
    this.#meant.set(
      keyOf(data),
      records.map(({ meant }) => meant),
    );
    return { partitionKey, data };
  }

  #datum(random: SeededRandom, nowMs: number): { data: Uint8Array; meant: MeantRecord } {
    if (random.chance(0.12)) return badRecord(random);
    const device = random.pick(this.#devices);
    if (!device.isBuffering) return recordOf([this.#point(random, device, nowMs)], random);
    // A buffer, and perhaps that of another device behind it: the order within means nothing.
    const buffers = random.chance(0.5) ? [device, random.pick(this.#devices)] : [device];
    const points = buffers.flatMap((owner) => {
      const own = Array.from({ length: random.int(2, 6) }, (_, index) =>
        this.#point(random, owner, nowMs - index * random.int(1_000, 6_000)),
      );
      return random.chance(0.5) ? own : random.shuffle(own);
    });
    return recordOf(points, random);
  }

  #point(random: SeededRandom, { aheadMs, dimensions }: Device, nowMs: number): SentPoint {
    const behindMs = random.chance(0.15) ? random.int(0, 40_000) : random.int(0, 900);
    const timeMs = nowMs + aheadMs - behindMs;
    // A function of series and time, so that a repeated point has the same value.
    const type = timeMs % 3 === 0 ? 'BIGINT' : 'DOUBLE';
    const small = BigInt((timeMs % 401) - 200);
    const halves =
      type === 'BIGINT' ? 2n * (timeMs % 2 === 0 ? beyondDoubles + small : small) : small;
    return { meant: { dimensions, type, halves, timeMs }, hasEmpty: random.chance(0.3) };
  }
}

interface SentPoint {
  readonly meant: MeantPoint;
  /** A dimension without a value is sent with it, which is the same as none. */
  readonly hasEmpty: boolean;
}

function recordOf(
  points: readonly SentPoint[],
  random: SeededRandom,
): { data: Uint8Array; meant: MeantRecord } {
  const elements = points.map((point) => ({ text: jsonOf(point, random), meant: point.meant }));
  const isMixed = random.chance(0.2);
  const all: { text: string; meant: Meant }[] = isMixed
    ? [...elements, { text: '{"MeasureName":""}', meant: 'refused' }]
    : elements;
  const texts = all.map(({ text }) => text);
  const isLines = random.chance(0.3);
  const [only = ''] = texts;
  const text =
    texts.length === 1
      ? only
      : isLines
        ? texts.join('\n')
        : `[${texts.join(random.pick([',', ' , ']))}]`;
  return { data: encoder.encode(text), meant: all.map(({ meant }) => meant) };
}

/** As the article's producers write it, or with numbers, which is as good. */
function jsonOf({ meant, hasEmpty }: SentPoint, random: SeededRandom): string {
  const { dimensions, type, halves, timeMs } = meant;
  const value =
    halves % 2n === 0n
      ? String(halves / 2n)
      : `${halves < 0n ? '-' : ''}${(halves < 0n ? -halves : halves) / 2n}.5`;
  const isQuoted = random.chance(0.7);
  const number = (text: string) => (isQuoted ? `"${text}"` : text);
  const members = [
    `"MeasureName":"m"`,
    `"MeasureValue":${number(value)}`,
    `"MeasureValueType":"${type}"`,
    `"Time":${number(String(timeMs))}`,
    ...Object.entries(dimensions).map(([name, text]) => `"${name}":"${text}"`),
    ...(hasEmpty ? [`"floor":""`] : []),
  ];
  return `{${members.join(',')}}`;
}

/** What no service can use, with as many elements as are told of. */
function badRecord(random: SeededRandom): { data: Uint8Array; meant: MeantRecord } {
  const refused = (text: string | Uint8Array, count = 1) => ({
    data: typeof text === 'string' ? encoder.encode(text) : text,
    meant: Array.from({ length: count }, () => 'refused' as const),
  });
  const good = '"MeasureName":"m","MeasureValue":"1","Time":"1763800000000"';
  return random.pick([
    () => refused('no JSON'),
    () => refused(''),
    () => refused(Uint8Array.of(0xff, 0xfe, random.int(0, 255))),
    () => refused('['.repeat(300)),
    () => refused(`[${'1,'.repeat(40)}1]`, 41),
    () => refused(`{${good},"window_start":"2026-01-01"}`),
    () => refused(`{${good},"host":""}`),
    () => refused(`{${good},"host":{"a":1}}`),
    () => refused(`{${good.replace('"1"', '"NaN"')},"host":"h"}`),
  ])();
}

function keyOf(data: Uint8Array): string {
  return Buffer.from(data).toString('latin1');
}
