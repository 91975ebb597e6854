import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPoint } from '../src/file-point.ts';
import { shiftTime } from '../src/shift-time.ts';

/** A line with its time moved, as text. */
function shifted(line: string, bySeconds: number): string {
  const bytes = Buffer.from(line);
  const read = readPoint({ bytes });
  if (read.kind !== 'point') throw new Error(`no point: ${line}`);
  return Buffer.from(shiftTime(read, bySeconds)).toString();
}

const point = (members: string) => `{"MeasureName":"m","MeasureValue":1,"h":"h",${members}}`;

describe('a line with its time moved', () => {
  it('keeps numbers that no double can represent', () => {
    const rest = '"id": 2882429806056571124, "MeasureValue": 9007199254740993, "MeasureName": "m"';
    expect(shifted(`{${rest}, "Time": 1700000000123}`, 60)).toBe(
      `{${rest}, "Time": 1700000060123}`,
    );
  });

  it.each([
    ['"Time":"1700000000123"', '"Time":"1700000010123"'],
    ['"TIME":1700000000,"timeunit":"seconds"', '"TIME":1700000010,"timeunit":"seconds"'],
    [
      '"Time":1700000000123456789,"TimeUnit":"NANOSECONDS"',
      '"Time":1700000010123456789,"TimeUnit":"NANOSECONDS"',
    ],
    [
      '"Time":1.7e+18,"TimeUnit":"NANOSECONDS"',
      '"Time":1700000010000000000,"TimeUnit":"NANOSECONDS"',
    ],
    ['"Time":"+5"', '"Time":"10005"'],
    ['"Time":-10000', '"Time":0'],
    // The last member of one name counts; of several names, the one that occurs last. null is
    // absent.
    ['"Time":1,"Time":2', '"Time":1,"Time":10002'],
    ['"Time":1,"time":2,"Time":3', '"Time":1,"time":10002,"Time":3'],
    ['"Time":1,"time":null', '"Time":10001,"time":null'],
    [
      '"a":{"Time":4},"a":[{"Time":5}],"a":"\\"Time\\":6","\\u0054ime" : 7 ',
      '"a":{"Time":4},"a":[{"Time":5}],"a":"\\"Time\\":6","\\u0054ime" : 10007 ',
    ],
  ])('%s becomes %s', (given, wanted) => {
    expect(shifted(point(given), 10)).toBe(point(wanted));
  });

  it('keeps the byte order mark that a file may start with', () => {
    expect(shifted(`\ufeff${point('"Time":1')}`, 1)).toBe(`\ufeff${point('"Time":1001')}`);
  });

  // Goal: the record differs from the line only in its time, and the time only by the seconds.
  // Method: objects in any order and spacing, with times in every form, and several of them.
  // JSON.parse alone decides which of them counts, and the surrounding text is compared byte for
  // byte.
  it('differs in the time that counts, and in no other byte', () => {
    fc.assert(
      fc.property(anyMembers, fc.integer({ min: -1e8, max: 1e8 }), (members, bySeconds) => {
        const line = textOf(members);
        const before = readPoint({ bytes: Buffer.from(line) });
        const counted = members[countedPlace(members)];
        fc.pre(before.kind === 'point' && counted !== undefined);
        const { time, timeUnit } = before.point;
        const perSecond = { SECONDS: 1, MILLISECONDS: 1e3, MICROSECONDS: 1e6, NANOSECONDS: 1e9 };
        const digits = String(BigInt(time) + BigInt(bySeconds) * BigInt(perSecond[timeUnit]));
        const value = counted.value.startsWith('"') ? `"${digits}"` : digits;
        const moved = members.map((each) => (each === counted ? { ...each, value } : each));
        expect(shifted(line, bySeconds)).toBe(textOf(moved));
        const after = readPoint({ bytes: Buffer.from(textOf(moved)) });
        const { timeMs } = before.point;
        expect(after).toMatchObject({
          point: { ...before.point, time: digits, timeMs: timeMs + bySeconds * 1000 },
        });
      }),
      { numRuns: 500 },
    );
  });
});

/** A member in the text, with the whitespace around it. */
interface Member {
  readonly name: string;
  readonly value: string;
  readonly gap: string;
}

function textOf(members: readonly Member[]): string {
  const texts = members.map(({ name, value, gap }) => `${gap}${name}${gap}:${gap}${value}${gap}`);
  return ` {${texts.join(',')}}\r`;
}

/** The index of the member from which the decoder takes the time. */
function countedPlace(members: readonly Member[]): number {
  const parsed = JSON.parse(textOf(members)) as Readonly<Record<string, unknown>>;
  const [counted] = Object.keys(parsed)
    .filter((name) => name.toLowerCase() === 'time' && parsed[name] !== null)
    .slice(-1);
  return members.findLastIndex(({ name }) => JSON.parse(name) === counted);
}

const anyGap = fc.stringMatching(/^[ \t]{0,2}$/);
const member = (name: fc.Arbitrary<string>, value: fc.Arbitrary<string>) =>
  fc.record({ name, value, gap: anyGap });

const anyTime = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.bigInt({ min: 1_000_000_000n, max: 1_900_000_000_123_456_789n }).map(String),
  },
  { weight: 3, arbitrary: fc.nat().map((digits) => `"${digits}"`) },
  fc.constantFrom('"+1700000000"', '-1700000000', '1.7e9', '"\\u00311"', '10.0', 'null'),
);

const anyMembers = fc
  .tuple(
    fc.array(
      member(fc.constantFrom('"Time"', '"time"', '"TIME"', String.raw`"\u0054ime"`), anyTime),
      { minLength: 1, maxLength: 4 },
    ),
    member(
      fc.constantFrom('"TimeUnit"', '"timeunit"'),
      fc.constantFrom('"SECONDS"', '"milliseconds"', '"MICROSECONDS"', '"NANOSECONDS"'),
    ),
    member(fc.constant('"MeasureName"'), fc.constantFrom('"time"', String.raw`"\"Time\": 5"`)),
    member(fc.constant('"MeasureValue"'), fc.constantFrom('9007199254740993', '1.50', '"2"')),
    member(fc.constant('"é"'), fc.constantFrom('2882429806056571124', '10.0', '"ü, \\"Time\\":1"')),
    fc.array(
      member(fc.constantFrom('"null"', '"é"'), fc.constantFrom('{"Time":[1]}', 'null', '"}"')),
      { maxLength: 1 },
    ),
  )
  .chain(([times, unit, name, value, id, others]) => {
    const members = [...times, unit, name, value, id, ...others];
    return fc.shuffledSubarray(members, { minLength: members.length });
  });
