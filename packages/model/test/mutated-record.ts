import type { SeededRandom } from '@highwater/testkit';
import { seedShaped } from './seed-shaped.ts';

/** One member of a record: two pieces of JSON text. */
interface Member {
  name: string;
  value: string;
}

const encoder = new TextEncoder();
const json = (value: unknown): string => JSON.stringify(value);
const members = (object: object): Member[] =>
  Object.entries(object).map(([name, value]) => ({ name: json(name), value: json(value) }));

const { TimeUnit: _, ...withoutUnit } = seedShaped;
const shapes: readonly (readonly Member[])[] = [
  members(seedShaped),
  members({ ...seedShaped, MeasureValueType: 'BIGINT', MeasureValue: '42' }),
  members({ ...seedShaped, TimeUnit: 'NANOSECONDS', Time: '1700000000123456789' }),
  members({ ...seedShaped, TimeUnit: 'microseconds', Time: '1700000000123456', Zürich: '☃' }),
  members({
    ...withoutUnit,
    MeasureValueType: 'bigint',
    MeasureValue: '7',
    Time: '1700000000123',
    MeasureName: '"\\',
  }),
];
const rareShapes: readonly (readonly Member[])[] = [
  members({ ...seedShaped, MeasureValueType: 'VARCHAR' }),
  members({ host: 'first', ...seedShaped }),
  // Close to the largest that are learned.
  members({ ...seedShaped, note: 'x'.repeat(2_048), more: 'y'.repeat(1_800) }),
];

/** Values at the limits of doubles and of BIGINT, and texts that only look like a number. */
const values: readonly string[] = [
  '0 1 2 3 4 -0 00 007 +1 -1 .5 5. -.5 1e3 1E-3 0.1 35.20 1.0 2.50 -0.0 NaN Infinity true 0x10',
  '99.99999999999999289 0.1000000000000000055 0.0000000000000000000001 9007199254740992.9999',
  '123456789012345 999999999999999 1234567890123456 -999999999999999 9007199254740993',
  '9223372036854775807 9223372036854775808 -9223372036854775808 -9223372036854775809',
  '1.7976931348623157e308 1e309 5e-324 1.7976931348623157 4.9406564584124654 12345678901234567890',
  `${'1'.repeat(38)} 1_000 1\u0000 １ 8\\ `,
]
  .flatMap((texts) => texts.split(' '))
  .concat(' 1', '1 ');

const times: readonly string[] = [
  '0 1 2 3 4 00012 1700000000 1700000000123 1700000000123456789 -1 +5 1.5 1e9 -0 999999 ',
  '253402300799 253402300800 253402300799999 253402300800000 -62135596800',
  [15, 16, 20, 21].map((digits) => '9'.repeat(digits)).join(' '),
].flatMap((texts) => texts.split(' '));

const knownNames = ['MeasureName', 'MeasureValue', 'MeasureValueType', 'Time', 'TimeUnit'];

/** A value as text: usually a plain number, otherwise a special case. */
export function anyValue(random: SeededRandom): string {
  if (random.chance(0.2)) return random.pick(values);
  const digits = String(random.int(0, 10 ** random.int(1, 15))) + random.pick(['', '', '', '931']);
  const point = random.int(-2 * digits.length, digits.length - 1);
  const text = point > 0 ? `${digits.slice(0, point)}.${digits.slice(point)}` : digits;
  return random.chance(0.2) ? `-${text}` : text;
}

/** A time as text: usually a present-day time in some unit, otherwise a special case. */
export function anyTime(random: SeededRandom): string {
  if (random.chance(0.1)) return random.pick(times);
  const seconds = random.int(1_600_000_000, 1_800_000_000);
  return `${seconds}${'0'.repeat(random.chance(0.1) ? random.pick([3, 6, 9]) : 0)}`;
}

/**
 * A record of one of the usual shapes, good or bad, after changes to its members and then to its
 * bytes.
 */
export function mutatedRecord(random: SeededRandom): Uint8Array {
  const own = random
    .pick(random.chance(0.05) ? rareShapes : shapes)
    .map((member) => ({ ...member }));
  for (let left = random.pick([0, 1, 1, 1, 1, 2]); left > 0; left--) {
    random.pick(memberMutations)(own, random);
  }
  const [comma, colon] = random.pick([
    [',', ':'],
    [',', ':'],
    [', ', ': '],
    [', ', ': '],
    [' ,\t', ' :\r\n'],
  ] as const);
  const text = `{${own.map(({ name, value }) => `${name}${colon}${value}`).join(comma)}}`;
  const data = encoder.encode(text);
  return random.chance(0.3) ? random.pick(byteMutations)(data, random) : data;
}

const memberMutations: readonly ((own: Member[], random: SeededRandom) => void)[] = [
  // Names it twice, in any case and at any position, as text or as a bare number.
  ...Array.from({ length: 4 }, () => (own: Member[], random: SeededRandom): void => {
    const name = random.pick(['MeasureValue', 'Time']);
    const text = name === 'Time' ? anyTime(random) : anyValue(random);
    const content = random.chance(0.5) ? random.pick(['1', '2', '3', '4']) : text;
    const asText = random.chance(0.7) ? json(content) : escaped(random, content);
    const bare = random.pick(['1', '1.0', '2', '2e0', '10e-1', 'null']);
    const again = random.chance(0.7) ? asText : bare;
    const place = random.chance(0.7) ? own.length : random.int(0, own.length);
    own.splice(place, 0, { name: json(anyCase(random, name)), value: again });
  }),
  (own, random) => {
    const { name, value } = random.pick(own);
    own.splice(random.int(0, own.length), 0, { name, value });
  },
  (own, random) => {
    const value = random.pick([
      '"SECONDS"',
      '"DOUBLE"',
      '"bigint"',
      'null',
      '""',
      '{}',
      'true',
      '12',
    ]);
    const name = json(anyCase(random, random.pick(knownNames)));
    own.splice(random.int(0, own.length), 0, { name, value });
  },
  (own, random) => {
    const member = random.pick(own);
    member.value = json(random.chance(0.5) ? anyValue(random) : anyTime(random));
  },
  (own, random) => {
    const member = random.pick(own);
    member.name = json(anyCase(random, String(JSON.parse(member.name))));
  },
  (own, random) => {
    const member = random.pick(own);
    const content: unknown = JSON.parse(member.value);
    if (typeof content === 'string') member.value = escaped(random, content);
  },
  (own, random) => {
    const member = random.pick(own);
    member.name = escaped(random, String(JSON.parse(member.name)));
  },
  (own, random) => {
    own.splice(random.int(0, own.length - 1), 1);
  },
  (own, random) => {
    own.splice(0, own.length, ...random.shuffle(own));
  },
  (own, random) => {
    const value = json(
      random.pick(['a', 'b', '\\', '"', '","Time":"5', 'é', '\u0000', '\ud83d\ude00']),
    );
    own.push({ name: json(random.pick(['region', 'host', 'time ', '__proto__', '7'])), value });
  },
];

type ByteMutation = (data: Uint8Array, random: SeededRandom) => Uint8Array;

const byteMutations: readonly ByteMutation[] = [
  (data, random) => {
    const at = random.int(0, data.length - 1);
    data[at] = (data[at] as number) ^ (1 << random.int(0, 7));
    return data;
  },
  (data, random) => {
    data[random.int(0, data.length - 1)] = random.pick([
      0, 0x22, 0x5c, 0x80, 0xf0, 0xff, 0x7f, 0x31,
    ]);
    return data;
  },
  (data, random) => {
    const [from, to] = [random.int(0, data.length), random.int(0, data.length)];
    return joined(data.subarray(0, from), data.subarray(to));
  },
  (data, random) => {
    const at = random.int(0, data.length);
    const inserted = random.pick([
      '"',
      '\\',
      ' ',
      '\n',
      ',',
      '\u0000',
      '\\u0031',
      '1',
      '\\"',
      '}{',
    ]);
    return joined(data.subarray(0, at), encoder.encode(inserted), data.subarray(at));
  },
  (data, random) => {
    const other = mutatedRecord(random);
    const at = random.int(0, Math.min(data.length, other.length));
    return joined(data.subarray(0, at), other.subarray(at));
  },
  (data) => joined(encoder.encode('\ufeff'), data),
  (data, random) =>
    joined(data, encoder.encode(random.pick([' ', '\n', '  \n', '\0', '\n\n', '}']))),
  (data, random) => joined(encoder.encode(random.pick([' ', '\n', '\t'])), data),
  (data, random) =>
    joined(data, encoder.encode(random.pick(['\n', '', ','])), mutatedRecord(random)),
  (data) => joined(encoder.encode('['), data, encoder.encode(']')),
];

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function anyCase(random: SeededRandom, text: string): string {
  const kind = random.int(0, 3);
  if (kind === 0) return text;
  if (kind === 1) return text.toLowerCase();
  if (kind === 2) return text.toUpperCase();
  return Array.from(text)
    .map((letter) => (random.chance(0.5) ? letter.toUpperCase() : letter.toLowerCase()))
    .join('');
}

/** A text as JSON, with some of its characters escaped. */
function escaped(random: SeededRandom, text: string): string {
  const all = random.chance(0.3);
  const units = Array.from({ length: text.length }, (_none, at) => text.charCodeAt(at));
  const written = units.map((unit) =>
    all || random.chance(0.2)
      ? `\\u${unit.toString(16).padStart(4, '0')}`
      : json(String.fromCharCode(unit)).slice(1, -1),
  );
  return `"${written.join('')}"`;
}
