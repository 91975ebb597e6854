import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nativeJodaFormat, nativeMysqlFormat } from '../../src/functions/native-format.ts';
import { nativeDoubleText, nativeTimestampText } from '../../src/types/native-text.ts';
import { doubleText } from '../../src/text/double-text.ts';
import { formatJoda } from '../../src/text/joda-format.ts';
import { formatMysql } from '../../src/text/mysql-format.ts';
import { timestampText } from '../../src/text/timestamp-text.ts';
import { openUdfs } from './udf-fixture.ts';

const leastNs = -(2n ** 63n);
const mostNs = 2n ** 63n - 1n;

const timeNs = fc.oneof(
  fc.bigInt({ min: leastNs, max: mostNs }),
  fc.bigInt({ min: -3_000_000_000n, max: 3_000_000_000n }),
  // Around the ends of days, some of them the ends of years.
  fc
    .tuple(fc.bigInt({ min: -106_750n, max: 106_750n }), fc.constantFrom(-1n, 0n, 1n, 999n, 1000n))
    .map(([day, beside]) => day * 86_400_000_000_000n + beside),
  fc.constantFrom(leastNs, leastNs + 1n, mostNs, mostNs - 1n, 0n),
);

const times = fc.array(timeNs, { minLength: 50, maxLength: 50 });

/** The result of a DuckDB expression for each of the times, as `t`. */
async function each(sql: string, all: readonly bigint[]) {
  using duck = await openUdfs();
  // The minimum cannot be written as a literal.
  const values = all.map((value) => `CAST('${value}' AS BIGINT)`);
  const [found = []] = await duck.columns(
    `SELECT ${sql} FROM (SELECT unnest([${values.join(', ')}]) AS t)`,
  );
  return found;
}

const mysqlLetters = 'a b c d e f H h I i j k l M m p r S s T v W x Y y %'
  .split(' ')
  .map((letter) => `%${letter}`);
const jodaLetters =
  'y yy yyy yyyy x xxxx ww e D DDD M MM MMM MMMM d dd E EEE EEEE a H HH h hh m mm s ss SSS SSSSSS SSSSSSSSS z Z ZZ ZZZ'.split(
    ' ',
  );
const literals = ['-', ' ', ':', 'é'];

// Goal: formats that DuckDB writes by itself have the same results as this server's own code.
// Method: random formats of all letters over random times in the full 64-bit range, and around the
// ends of days and years.
describe('a constant format', () => {
  it("of MySQL has the same result in DuckDB and in this server's code", async () => {
    const formats = fc
      .array(fc.constantFrom(...mysqlLetters, ...literals, 'text'), { minLength: 1, maxLength: 8 })
      .map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(formats, times, async (format, all) => {
        const sql = nativeMysqlFormat('t', format) ?? 'none';
        expect(await each(sql, all)).toEqual(all.map((time) => formatMysql(time, format)));
      }),
      { numRuns: 60 },
    );
  });

  it("of Joda has the same result in DuckDB and in this server's code", async () => {
    const pieces = fc.constantFrom(...jodaLetters);
    const formats = fc
      .array(fc.tuple(pieces, fc.constantFrom(...literals, "'o''clock %'", "''")), {
        minLength: 1,
        maxLength: 6,
      })
      .map((parts) => parts.flat().join(''));
    await fc.assert(
      fc.asyncProperty(formats, times, async (format, all) => {
        const sql = nativeJodaFormat('t', format) ?? 'none';
        expect(await each(sql, all)).toEqual(all.map((time) => formatJoda(time, format)));
      }),
      { numRuns: 60 },
    );
  });

  it("is left to this server's code if DuckDB has no such letter", () => {
    for (const format of ['%q', '%', '', 'a\0%Y']) {
      expect(nativeMysqlFormat('t', format)).toBeUndefined();
    }
    for (const format of ['k', 'K', 'G', 'SS', 'yyyyy', '']) {
      expect(nativeJodaFormat('t', format)).toBeUndefined();
    }
  });
});

describe('a cast to text', () => {
  it("writes a point in time the same in DuckDB and in this server's code", async () => {
    await fc.assert(
      fc.asyncProperty(times, async (all) => {
        expect(await each(nativeTimestampText('t'), all)).toEqual(
          all.map((time) => timestampText(time)),
        );
      }),
      { numRuns: 40 },
    );
  });

  it("writes a double the same in DuckDB and in this server's code", async () => {
    const doubles = fc.oneof(
      fc.double(),
      fc.double({ min: 1e-4, max: 1e8 }),
      fc.integer({ min: -1e9, max: 1e9 }).map((value) => value / 100),
      fc.constantFrom(0, -0, 0.001, 1e7, 9999999.999999998, 0.0009999999999999998, NaN, Infinity),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(doubles, { minLength: 50, maxLength: 50 }), async (all) => {
        using duck = await openUdfs();
        const values = all.map(
          (value) => `CAST('${Object.is(value, -0) ? '-0.0' : value}' AS DOUBLE)`,
        );
        const [found] = await duck.columns(
          `SELECT ${nativeDoubleText('t')} FROM (SELECT unnest([${values.join(', ')}]) AS t)`,
        );
        expect(found).toEqual(all.map((value) => doubleText(value)));
      }),
      { numRuns: 60 },
    );
  });
});
