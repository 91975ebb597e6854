import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecord, PointTemplates, seriesKey } from '../src/index.ts';
import { seedShaped as seedMembers } from './seed-shaped.ts';

const encoder = new TextEncoder();

/** A record as the generator writes it, with or without spaces. */
function seedShaped(members: Record<string, unknown>, isSpaced = true): string {
  const all = { ...seedMembers, ...members };
  const texts = Object.entries(all).map(
    ([name, value]) => `${JSON.stringify(name)}${isSpaced ? ': ' : ':'}${JSON.stringify(value)}`,
  );
  return `{${texts.join(isSpaced ? ', ' : ',')}}`;
}

/**
 * The result of `match` for the record, after it learned the record or a similar one, compared with
 * `decodeRecord`.
 */
function compare(templates: PointTemplates, data: Uint8Array): 'taken' | 'left' {
  const decoded = [...decodeRecord(data)];
  const id = templates.match(data);
  const [first, ...others] = decoded;
  if (id < 0) {
    if (first?.ok && others.length === 0) templates.learn(data, first.point);
    return 'left';
  }
  if (!first?.ok || others.length > 0) {
    throw new Error(`took what is not one point: ${new TextDecoder().decode(data)}`);
  }
  const { series, value, timeMs } = first.point;
  expect(seriesKey(templates.seriesOf(id))).toBe(seriesKey(series));
  expect(templates.value).toBe(Number(value));
  expect(templates.timeMs).toBe(timeMs);
  return 'taken';
}

/** Texts of numbers: plain ones, long ones, and texts that only look like numbers. */
const anyNumberText = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.double({ min: -1000, max: 1000, noNaN: true }).map(String),
  fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }).map(String),
  fc.stringMatching(/^-?[0-9]{1,20}(\.[0-9]{1,25})?$/),
  fc.stringMatching(/^[-+.eE0-9 ]{0,12}$/),
  fc.constantFrom('-0', '0', '-0.0', '00', '.5', '5.', '1e3', '+1', '', '-', '9'.repeat(410)),
);

describe('the number parser', () => {
  // Goal: a value read from bytes equals `Number()`, to the bit. Method: texts whose digits need
  // more than one double, and the shortest texts of random doubles.
  it('equals Number() bit for bit', () => {
    const templates = new PointTemplates();
    compare(templates, encoder.encode(seedShaped({})));
    let takenCount = 0;
    const anyText = fc.oneof(
      { weight: 3, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) },
      { weight: 3, arbitrary: fc.double({ min: 0, max: 1000, noNaN: true }).map(String) },
      { weight: 2, arbitrary: fc.stringMatching(/^-?[0-9]{1,10}\.[0-9]{1,9}$/) },
      { weight: 1, arbitrary: anyNumberText },
    );
    const property = fc.property(anyText, (text) => {
      const data = encoder.encode(seedShaped({ MeasureValue: text }));
      if (templates.match(data) < 0) return;
      takenCount += 1;
      expect(templates.value).toBe(Number(text) + 0);
    });
    fc.assert(property, { numRuns: 20_000 });
    expect(takenCount).toBeGreaterThan(4_000);
  });

  it.each([
    // Halfway between two doubles, and next to it.
    '9007199254740993',
    '9007199254740992.9999',
    '900719925474099.3125',
    '0.1000000000000000055',
    '99.99999999999999289',
    '1.7976931348623157',
    '123456789012345.6789',
    '0.0000000000000000001',
  ])('reads %s or leaves it', (text) => {
    const templates = new PointTemplates();
    compare(templates, encoder.encode(seedShaped({})));
    const outcome = compare(templates, encoder.encode(seedShaped({ MeasureValue: text })));
    expect(outcome).toMatch(/taken|left/);
  });
});

// Goal: the fast path and `decodeRecord` never disagree. Method: one set of templates receives
// generated records, good and hostile, each also damaged. Every accepted record must decode to the
// same point.
describe('templates of points', () => {
  const anyText = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('a', 'b', 'us_east_1', 'h-1', 'DOUBLE', 'Time') },
    { weight: 1, arbitrary: fc.string({ maxLength: 8 }) },
    { weight: 1, arbitrary: fc.string({ maxLength: 8, unit: 'binary' }) },
    { weight: 1, arbitrary: fc.constantFrom('"', '\\', 'é', '"}', '\n', '", "Time": "5') },
  );
  const anyTime = fc.oneof(
    fc.integer({ min: 0, max: 2_000_000_000 }).map(String),
    fc.bigInt({ min: -(10n ** 21n), max: 10n ** 21n }).map(String),
    fc.constantFrom('', '-1', '+5', '1.5', 'now', '00012', '253402300799', '253402300800'),
  );
  const hostileMembers = fc.record(
    {
      MeasureName: fc.oneof(fc.constantFrom('cpu_user', 'memory_free'), anyText),
      MeasureValue: fc.oneof(anyNumberText, anyText, fc.double(), fc.constant(null)),
      MeasureValueType: fc.constantFrom('DOUBLE', 'BIGINT', 'VARCHAR', 'BOOLEAN', 'bigint', 'X'),
      Time: fc.oneof(anyTime, fc.integer()),
      TimeUnit: fc.constantFrom(
        'SECONDS',
        'MILLISECONDS',
        'MICROSECONDS',
        'NANOSECONDS',
        'seconds',
      ),
      region: anyText,
      time: anyTime,
      measurevalue: anyNumberText,
      nested: fc.constant({ a: 1 }),
    },
    { requiredKeys: [] },
  );
  const usualMembers = fc.record({
    MeasureValue: anyNumberText,
    MeasureValueType: fc.constantFrom('DOUBLE', 'BIGINT'),
    Time: fc.oneof(fc.integer({ min: 0, max: 2_000_000_000 }).map(String), anyTime),
    TimeUnit: fc.constantFrom('SECONDS', 'MILLISECONDS', 'MICROSECONDS', 'NANOSECONDS'),
    region: fc.constantFrom('a', 'b', 'é', '"', '\\'),
  });
  const anyMembers = fc.oneof(usualMembers, hostileMembers);
  const anyDamage = fc.oneof(
    { weight: 6, arbitrary: fc.constant((text: string) => text) },
    { weight: 1, arbitrary: fc.constant((text: string) => `[${text}]`) },
    { weight: 1, arbitrary: fc.constant((text: string) => `${text}\n${text}`) },
    { weight: 1, arbitrary: fc.constant((text: string) => ` ${text}\n`) },
    {
      weight: 3,
      arbitrary: fc.tuple(fc.nat(400), fc.string({ maxLength: 2 })).map(
        ([at, by]) =>
          (text: string) =>
            `${text.slice(0, at % text.length)}${by}${text.slice((at % text.length) + 1)}`,
      ),
    },
  );

  it('accept nothing that decodes differently, over 100,000 records', () => {
    const templates = new PointTemplates({ templatesMax: 500, templatesBytesMax: 100_000 });
    const counts = { taken: 0, left: 0 };
    const property = fc.property(
      anyMembers,
      fc.boolean(),
      anyDamage,
      (members, isSpaced, damage) => {
        const usual = seedShaped(members, isSpaced);
        for (const text of [usual, damage(usual)]) {
          const data = encoder.encode(text);
          // The second time, its series may be known.
          for (let time = 0; time < 2; time++) counts[compare(templates, data)] += 1;
        }
      },
    );
    fc.assert(property, { numRuns: 25_000 });
    expect(counts.taken).toBeGreaterThan(5_000);
    expect(counts.left).toBeGreaterThan(5_000);
  });

  it('distinguish series that differ in one byte, in whichever order they arrive', () => {
    const templates = new PointTemplates();
    const hosts = Array.from({ length: 300 }, (_, index) => `i-apollo-${index}`);
    const records = hosts.map((host) => encoder.encode(seedShaped({ instance_name: host })));
    for (const data of records) expect(compare(templates, data)).toBe('left');
    for (const data of [...records, ...records.toReversed()]) {
      expect(compare(templates, data)).toBe('taken');
    }
    expect(templates.size).toBe(300);
  });

  it('stay within their limit, and drop idle ones', () => {
    const templates = new PointTemplates({ templatesMax: 100 });
    const record = (index: number) => encoder.encode(seedShaped({ host: `h${index}` }));
    for (let index = 0; index < 10_000; index++) {
      compare(templates, record(index));
      compare(templates, record(index));
      expect(templates.size).toBeLessThanOrEqual(100);
    }
    expect(templates.size).toBeGreaterThan(0);
  });

  it.each([
    '"MeasureValue": "7"',
    '"measurevalue": "7"',
    // Texts that a probe with the value 1 or the time 2, or 3 and 4, could mistake for its own.
    '"MeasureValue": "1"',
    '"measurevalue": "1"',
    '"MEASUREVALUE": 1',
    '"MeasureValue": 1.0',
    '"MeasureValue": "\\u0031"',
    '"Measure\\u0056alue": "3"',
    '"Time": "2"',
    '"time": "2"',
    '"tIME": 2',
    '"Time": 2.0',
    '"Time": "\\u0032"',
    '"Tim\\u0065": "4"',
    '"MeasureValue": "1", "Time": "2"',
  ])('learn no series whose record repeats its value or time: %s', (again) => {
    const templates = new PointTemplates();
    const twice = (value: string, time: string) =>
      seedShaped({ MeasureValue: value, Time: time }).replace(/\}$/, `, ${again}}`);
    for (const [value, time] of [
      ['8', '1700000000'],
      ['1', '2'],
      ['9', '1700000001'],
    ] as const) {
      expect(compare(templates, encoder.encode(twice(value, time)))).toBe('left');
    }
    expect(templates.size).toBe(0);
  });

  it('leave whole numbers that a double may not represent exactly', () => {
    const templates = new PointTemplates();
    const whole = (value: string) =>
      encoder.encode(seedShaped({ MeasureValueType: 'BIGINT', MeasureValue: value }));
    compare(templates, whole('1'));
    expect(compare(templates, whole('-999999999999999'))).toBe('taken');
    expect(compare(templates, whole('9007199254740993'))).toBe('left');
    expect(compare(templates, whole('1000000000000000'))).toBe('left');
  });

  it('read a record at any position in its buffer', () => {
    const templates = new PointTemplates();
    const text = encoder.encode(seedShaped({}));
    compare(templates, text);
    const buffer = new Uint8Array(text.length + 20);
    buffer.set(text, 7);
    expect(compare(templates, buffer.subarray(7, 7 + text.length))).toBe('taken');
    expect(compare(templates, buffer.subarray(7, 8 + text.length))).toBe('left');
  });
});
