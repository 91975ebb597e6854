import { encodeAggregate, sealAggregate, type SeededRandom } from '@highwater/testkit';
import { collidingTexts } from '../../packages/model/test/colliding-pieces.ts';
import { anyTime, anyValue, mutatedRecord } from '../../packages/model/test/mutated-record.ts';
import { collidingValues } from '../../packages/windowing/test/colliding-values.ts';

/** Requirements of a record: its size, and times that are relevant for the views. */
export interface RecordPlan {
  readonly bytes: number;
  readonly arrivalTimeMs: number;
  readonly stepMs: number;
}

type Make = (random: SeededRandom, plan: RecordPlan) => Uint8Array;

/** The largest that a stream takes. */
export const fuzzBytesMax = 10 * 1024 * 1024;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const json = (value: unknown): string => JSON.stringify(value);

/** A size between two, each order of magnitude as often as the others. */
export function logUniform(random: SeededRandom, min: number, max: number): number {
  return Math.round(min * (max / min) ** random.uniform());
}

/**
 * A record of about this many bytes, or fewer: valid ones, mutated ones, and ones that nobody would
 * send.
 */
export function fuzzRecord(random: SeededRandom, plan: RecordPlan): Uint8Array {
  const isSmall = plan.bytes < 1_024;
  const kinds: readonly Make[] = isSmall
    ? [mutated, mutated, pointsRecord, repeated, aggregate]
    : [pointsRecord, pointsRecord, pointsRecord, repeated, repeated, aggregate];
  const data = random.pick(kinds)(random, plan);
  const changed = random.chance(0.15) ? random.pick(byteMutations)(data, random, plan) : data;
  return changed.subarray(0, fuzzBytesMax);
}

const mutated: Make = (random) => mutatedRecord(random);

/** The smallest parts of JSON, UTF-8, KPL, and this decoder. */
const units: readonly string[] = [
  ['[', ']', '{', '}', '"', '\\', '\n', '\r\n', ',', ':', ' ', '0', '9', '.', '-', 'e', '\u0000'],
  ['1,', '[],', '{},', '{}\n', '{\n', '""\n', '"",', 'null,', '1e400,', '"a":1,', '"Time":1,'],
  ['{"a":', '[1,', '\\u0000', '\\"', '\\\\', '\\ud83d', '"\\', 'é', '☃', '\ud83d\ude00', '"\n'],
  ['"MeasureName":"m",', '"\\u0054ime":"1",', '{"Time":9e999},', '"":"",', '}{', '][', ',\n'],
].flat();

/** One part very many times, in whatever may be around it. */
const repeated: Make = (random, { bytes }) => {
  const unit = random.chance(0.2) ? decoder.decode(mutatedRecord(random)) : random.pick(units);
  const filled = unit.repeat(Math.max(1, Math.floor(bytes / Buffer.byteLength(unit))));
  const point = '"MeasureName":"m","MeasureValue":"1","Time":"1763800000000"';
  const text = random.pick([
    () => filled,
    () => `[${filled}]`,
    () => `{${filled}}`,
    () => `[${filled}`,
    () => `"${filled}"`,
    () => `{${point},"host":"${filled}"}`,
    () => `{${point},"host":${filled}}`,
    () => `{${point},"${filled}":"h"}`,
    () => `{${filled}${point},"host":"h"}`,
    () => `{${point.replace('"m"', `"${filled}"`)},"host":"h"}`,
    () => `{${point.replace('"1"', filled)},"host":"h"}`,
    () => `{"host":"h",${point.replace('"1763800000000"', filled)}}`,
    () => `${filled}\n{${point},"host":"h"}`,
  ])();
  const data = encoder.encode(text);
  if (!random.chance(0.1)) return data;
  // Half a character, or none.
  return Buffer.from(data.fill(random.pick([0xff, 0xc3, 0xed, 0xf0, 0x80]), data.length >> 1));
};

/** Made when they are first needed. */
const colliding: { values?: readonly string[]; texts?: readonly string[] } = {};
const collidingMax = { values: 4_000, texts: 1_000 } as const;

type Choose<T> = (index: number) => T;

/** The series of a record's points, as members next to value and time. */
const seriesPlans: readonly ((random: SeededRandom, bytes: number) => Choose<string>)[] = [
  () => () => '"MeasureName":"m","host":"h"',
  (random) => {
    const count = random.int(1, 100);
    return (index) => `"MeasureName":"m","host":"h${index % count}"`;
  },
  (random) => {
    const base = random.int(0, 1e9);
    return (index) => `"MeasureName":"m","host":"h${base + index}"`;
  },
  (random) => {
    const base = random.int(0, 1e9);
    return (index) => `"MeasureName":"m${base + index}","host":"h"`;
  },
  (random) => {
    const base = random.int(0, 1e9);
    return (index) => `"MeasureName":"m","d${base + index}":"x"`;
  },
  (random) => {
    const count = random.int(100, 130);
    const members = Array.from({ length: count }, (_, at) => `"d${(at * 37) % count}":"v"`).join();
    return (index) => `"MeasureName":"m${index % 7}",${members}`;
  },
  (_, bytes) => {
    const count = 1 + Math.min(collidingMax.values, bytes >> 7);
    const values = (colliding.values ??= collidingValues(collidingMax.values).map(json));
    return (index) => `"MeasureName":"m","host":${values[index % count] ?? ''}`;
  },
  (_, bytes) => {
    const prefix = '{"MeasureName":"m","host":"';
    const count = 1 + Math.min(collidingMax.texts, bytes >> 8);
    const texts = (colliding.texts ??= [...collidingTexts({ prefix }, collidingMax.texts)]);
    return (index) => `${(texts[index % count] ?? '').slice(1)}"`;
  },
];

/** When the points of a record are. */
const timePlans: readonly ((random: SeededRandom, plan: RecordPlan) => Choose<number | string>)[] =
  [
    (_, { arrivalTimeMs }) =>
      () =>
        arrivalTimeMs,
    (random, { arrivalTimeMs }) =>
      () =>
        arrivalTimeMs - random.int(0, 10_000),
    // Every point in windows of its own: on from the past, back from now, or without an order.
    (random, { arrivalTimeMs, stepMs }) => {
      const startMs = arrivalTimeMs - stepMs * random.int(1, 200_000);
      return (index) => Math.min(startMs + index * stepMs, arrivalTimeMs);
    },
    (_, { arrivalTimeMs, stepMs }) =>
      (index) =>
        arrivalTimeMs - index * stepMs,
    (random, { arrivalTimeMs, stepMs }) =>
      () =>
        arrivalTimeMs - stepMs * random.int(0, 200_000),
    // In the last windows, again and again.
    (random, { arrivalTimeMs, stepMs }) => {
      const count = random.int(2, 3_000);
      return (index) => arrivalTimeMs - ((index * 7) % count) * stepMs + random.int(0, stepMs);
    },
    // Over all years, and beyond them.
    (random) => () => random.int(-62_135_596_900_000, 1_763_800_000_000),
    (random, { arrivalTimeMs }) =>
      () =>
        arrivalTimeMs + random.int(-1_000_000, 1_000_000),
    (random) => () =>
      random.pick([-62_135_596_800_000, -62_135_596_800_001, 253_402_300_799_999, 0, -1, 1e21]),
    (random) => () => `"${anyTime(random)}"`,
  ];

const valuePlans: readonly ((random: SeededRandom) => Choose<string>)[] = [
  () => () => '1',
  () => (index) => `${index}.5`,
  (random) => () => `"${anyValue(random).replaceAll(/["\\\p{Cc}]/gv, '')}"`,
  (random) => {
    const digits = '1234567890'.repeat(random.int(38, 42));
    return () => `"0.${digits}"`;
  },
  () => (index) => (index % 2 === 0 ? '1.7976931348623157e308' : '5e-324'),
  () => (index) => `"1e${(index % 616) - 308}"`,
  () => (index) => `-1e${(index % 616) - 308}`,
];

const badElements = ['1', '[]', '{}', '{', '""', 'null', '{"MeasureName":"m"}', '"\\', '[[', '}'];

/** Many points, good and bad, one behind the other. */
const pointsRecord: Make = (random, plan) => {
  const seriesAt = random.pick(seriesPlans)(random, plan.bytes);
  const timeAt = random.pick(timePlans)(random, plan);
  const valueAt = random.pick(valuePlans)(random);
  const bad = random.pick(badElements);
  const badShare = random.pick([0, 0, 0, 0.01, 0.5]);
  const isAlternating = random.chance(0.1);
  const isLines = random.chance(0.3);
  const type = random.pick(['', '', '', ',"MeasureValueType":"BIGINT"']);
  const parts: string[] = [];
  for (let index = 0, length = 0; length < plan.bytes; index++) {
    const isBad = isAlternating ? index % 2 === 1 : random.chance(badShare);
    const part = isBad
      ? bad
      : `{${seriesAt(index)},"MeasureValue":${valueAt(index)},"Time":${timeAt(index)}${type}}`;
    length += part.length + 1;
    if (length > plan.bytes && index > 0) break;
    parts.push(part);
  }
  if (parts.length === 1 && random.chance(0.7)) return encoder.encode(parts[0]);
  return encoder.encode(isLines ? parts.join('\n') : `[${parts.join()}]`);
};

/** Each of them is some objects while the aggregate is made. */
const subRecordsMax = 100_000;

/** Records in one, as producers pack them: whole, nested, or of nothing. */
const aggregate: Make = (random, plan) => {
  const same = fuzzPart(random, { ...plan, bytes: logUniform(random, 1, 400) });
  const isSame = random.chance(0.5);
  const records: { partitionKey: string; data: Uint8Array }[] = [];
  const keysCount = random.pick([1, 1, 10, 1_000_000]);
  let bytes = 0;
  while (bytes < plan.bytes && records.length < subRecordsMax) {
    const data = isSame ? same : fuzzPart(random, { ...plan, bytes: logUniform(random, 1, 400) });
    records.push({ partitionKey: `k${records.length % keysCount}`, data });
    bytes += data.length + 9;
  }
  const whole = encodeAggregate(records);
  if (random.chance(0.1)) return encodeAggregate([{ partitionKey: 'k', data: whole }]);
  if (random.chance(0.2)) {
    const message = whole.subarray(4, -16);
    return sealAggregate(random.pick(byteMutations)(Buffer.from(message), random, plan));
  }
  return whole;
};

function fuzzPart(random: SeededRandom, plan: RecordPlan): Uint8Array {
  if (random.chance(0.2)) return new Uint8Array();
  return random.pick([mutated, pointsRecord, repeated])(random, plan);
}

const byteMutations: readonly ((
  data: Uint8Array,
  random: SeededRandom,
  plan: RecordPlan,
) => Uint8Array)[] = [
  (data, random) => {
    const changed = Buffer.from(data);
    for (let left = random.int(1, 8); left > 0 && changed.length > 0; left--) {
      changed[random.int(0, changed.length - 1)] = random.int(0, 255);
    }
    return changed;
  },
  (data, random) => data.subarray(0, random.int(0, data.length)),
  (data, random) => data.subarray(random.int(0, data.length)),
  (data, random, { bytes }) => {
    const from = random.int(0, data.length);
    const part = Buffer.from(data.subarray(from, from + logUniform(random, 1, 1_000)));
    const times = Math.floor(bytes / (part.length + 1));
    const many = Buffer.concat(Array.from({ length: times }, () => part));
    return Buffer.concat([data.subarray(0, from), many, data.subarray(from)]);
  },
];
