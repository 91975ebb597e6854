import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecord } from '../src/index.ts';
import { numberTexts, wholeNumberText } from '../src/number-texts.ts';

const encoder = new TextEncoder();

/** The only point of a record that is given as text. */
function pointOf(text: string) {
  const [decoded, ...others] = decodeRecord(encoder.encode(text));
  if (!decoded?.ok || others.length > 0) throw new Error(`not one point: ${text}`);
  return decoded.point;
}

function dimensionOf(number: string): string | undefined {
  const text = `{"MeasureName":"m","MeasureValue":1,"Time":1,"id":${number}}`;
  return pointOf(text).series.dimensions[0]?.value;
}

/** Numbers in all forms that JSON allows. */
const anyJsonNumber = fc.stringMatching(
  /^-?(0|[1-9][0-9]{0,24})(\.[0-9]{1,20})?([eE][-+]?[0-9]{1,3})?$/,
);

describe('a number in a dimension', () => {
  it.each(['2882429806056571124', '2882429806056571100', '10.0', '10', '1e3', '-0', '1E+400'])(
    '%s stays as it was sent',
    (number) => {
      expect(dimensionOf(number)).toBe(number);
    },
  );

  it('distinguishes two devices whose ids are the same double', () => {
    expect(Number('2882429806056571124')).toBe(Number('2882429806056571100'));
    expect(dimensionOf('2882429806056571124')).not.toBe(dimensionOf('2882429806056571100'));
  });

  it('is the text that was sent, whatever surrounds it', () => {
    const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
    const nested = fc.json({ maxDepth: 3 }).filter((json) => json !== 'null');
    fc.assert(
      fc.property(anyJsonNumber, space, nested, fc.string(), (number, gap, json, text) => {
        const members = [
          `"MeasureName":${JSON.stringify(`m${text}`.replaceAll(/[:\0]/g, ''))}`,
          `"MeasureValue"${gap}:${gap}"1"`,
          // The last member of a name counts: neither the number nor a nested member.
          `"id":${gap}7${gap}`,
          `"id":${json}`,
          `"\\u0069d"${gap}:${gap}${number}${gap}`,
          `"Time":1`,
        ];
        expect(pointOf(`${gap}{${gap}${members.join(`,${gap}`)}}${gap}`).series.dimensions).toEqual(
          [{ name: 'id', value: number }],
        );
      }),
    );
  });
});

describe('a number that is a VARCHAR', () => {
  it.each(['1.10', '1e3', '0.0', '9007199254740993'])('%s is the text that was sent', (sent) => {
    const text = `{"MeasureName":"m","MeasureValue":${sent},"MeasureValueType":"varchar","Time":1,"d":"x"}`;
    const [decoded] = [...decodeRecord(new TextEncoder().encode(text))];
    expect(decoded).toMatchObject({ ok: true, point: { value: sent } });
  });
});

describe('an integer that no double can represent', () => {
  const measured = (value: string, type = 'BIGINT') =>
    pointOf(
      `{"MeasureName":"m","MeasureValue":${value},"MeasureValueType":"${type}","Time":1,"h":"h"}`,
    ).value;

  it('is stored digit by digit as a BIGINT', () => {
    expect(measured('9007199254740993')).toBe('9007199254740993');
    expect(measured('-9223372036854775808')).toBe('-9223372036854775808');
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        expect(measured(String(value))).toBe(String(value));
      }),
    );
  });

  it('is rejected beyond 64 bits, and not rounded', () => {
    expect(() => measured('9223372036854775808')).toThrow('not one point');
    expect(() => measured('9007199254740993.5')).toThrow('not one point');
  });

  it('is accepted as a time in nanoseconds, even in exponent notation', () => {
    const timed = (time: string) => {
      const { time: read, timeMs } = pointOf(
        `{"MeasureName":"m","MeasureValue":1,"TimeUnit":"NANOSECONDS","Time":${time},"h":"h"}`,
      );
      return [read, timeMs];
    };
    expect(timed('1700000000123456789')).toEqual(['1700000000123456789', 1_700_000_000_123]);
    expect(timed('1.7e+18')).toEqual(['1700000000000000000', 1_700_000_000_000]);
    expect(timed('1.700000000123456789e18')).toEqual(['1700000000123456789', 1_700_000_000_123]);
  });

  it('is also exact in an array and on lines', () => {
    const one = (id: string) =>
      `{"MeasureName":"m","MeasureValue":${id},"MeasureValueType":"BIGINT","Time":1,"id":${id}}`;
    const ids = ['9007199254740993', '9007199254740995', '9007199254740997'];
    for (const text of [`[${ids.map(one).join(' , ')}]`, ids.map(one).join('\n')]) {
      const points = [...decodeRecord(encoder.encode(text))].map((decoded) => {
        if (!decoded.ok) throw new Error(decoded.detail);
        return [decoded.point.value, decoded.point.series.dimensions[0]?.value];
      });
      expect(points).toEqual(ids.map((id) => [id, id]));
    }
  });
});

describe('numberTexts', () => {
  // Goal: the texts match the members that JSON.parse returns. Method: compare the numbers among
  // the members of arbitrary objects, read in both ways.
  it('has exactly the members that are numbers', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }));
    fc.assert(
      fc.property(object, fc.constantFrom(0, 2, '\t\r\n'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const parsed = JSON.parse(text) as Record<string, unknown>;
        const numbers = Object.entries(parsed).filter(([, each]) => typeof each === 'number');
        const read = [...numberTexts(text)].map(([name, number]) => [name, JSON.parse(number)]);
        expect(new Map(read as [string, number][])).toEqual(new Map(numbers));
      }),
    );
  });
});

describe('wholeNumberText', () => {
  it.each([
    ['1e3', '1000'],
    ['10.0', '10'],
    ['1.25e2', '125'],
    ['-1200e-2', '-12'],
    ['0.0', '0'],
    ['1.5', '1.5'],
    ['1e999999999', '1e999999999'],
    ['1e-999999999', '1e-999999999'],
  ])('writes %s as %s', (text, written) => {
    expect(wholeNumberText(text)).toBe(written);
  });

  it('changes no number', () => {
    fc.assert(
      fc.property(anyJsonNumber, (text) => {
        expect(Number(wholeNumberText(text)) + 0).toBe(Number(text) + 0);
      }),
    );
  });
});
