import { SeededRandom } from '@highwater/testkit';
import { describe, expect, it } from 'vitest';
import { decodeRecord, PointTemplates, seriesKey, type Point } from '../src/index.ts';
import { locateTokens } from '../src/templates/locate-tokens.ts';
import { anyTime, anyValue, mutatedRecord } from './mutated-record.ts';

// Goal: a record recognized by its bytes is the same point that `decodeRecord` reads. Method:
// mutated records of several shapes, each repeated with other numbers in the places that templates
// read. For accepted records, series, value, and time are compared; others are learned.
// `HW_FUZZ_RECORDS` sets the number of records, `HW_SIM_SEED` another sequence.

const recordsCount = Number(process.env['HW_FUZZ_RECORDS'] ?? 100_000);
const seed = process.env['HW_SIM_SEED'] ?? 'templates';
/** Each good record: first to be learned, perhaps, and then to be recognized. */
const timesMet = 6;
const encoder = new TextEncoder();

/** Counts of the ways in which records become points. */
interface Tally {
  taken: number;
  learnt: number;
  refused: number;
}

/**
 * @returns the difference; nothing when the record is left to be decoded or becomes the same point
 */
function meet(templates: PointTemplates, data: Uint8Array, tally: Tally): string | undefined {
  const decoded = [...decodeRecord(data)];
  const point = decoded.length === 1 && decoded[0]?.ok ? decoded[0].point : undefined;
  const id = templates.match(data);
  if (id >= 0) {
    tally.taken += 1;
    return point ? difference(templates, id, point) : 'it is not one point';
  }
  if (!point) {
    tally.refused += 1;
    return undefined;
  }
  tally.learnt += 1;
  templates.learn(data, point);
  return undefined;
}

function difference(templates: PointTemplates, id: number, point: Point): string | undefined {
  const { value, timeMs } = templates;
  if (seriesKey(templates.seriesOf(id)) !== seriesKey(point.series)) return 'the series differs';
  if (!Object.is(value, Number(point.value))) return `${value} is not ${point.value}`;
  if (!Object.is(timeMs, point.timeMs)) return `time ${timeMs} is not ${point.timeMs}`;
  const isWhole = point.series.measureValueType === 'BIGINT';
  return isWhole && BigInt(value) !== BigInt(point.value) ? `${point.value} is inexact` : undefined;
}

/** The record with other texts where a template would read value and time. */
function withOtherNumbers(data: Uint8Array, random: SeededRandom): Uint8Array {
  const places = { valueStart: 0, valueEnd: 0, timeStart: 0, timeEnd: 0 };
  if (!locateTokens(data, places)) return data;
  const { valueStart, valueEnd, timeStart, timeEnd } = places;
  const value = encoder.encode(anyValue(random));
  const time = encoder.encode(anyTime(random));
  const between = data.subarray(valueEnd, timeStart);
  const after = data.subarray(timeEnd);
  const other = new Uint8Array(
    valueStart + value.length + between.length + time.length + after.length,
  );
  other.set(data.subarray(0, valueStart));
  other.set(value, valueStart);
  other.set(between, valueStart + value.length);
  other.set(time, valueStart + value.length + between.length);
  other.set(after, other.length - after.length);
  return other;
}

describe('templates compared with decodeRecord', () => {
  it(`agree on ${recordsCount} mutated records, seed ${seed}`, () => {
    const random = new SeededRandom(seed);
    const templates = new PointTemplates({ templatesMax: 4_000 });
    const tally: Tally = { taken: 0, learnt: 0, refused: 0 };
    for (let met = 0; met < recordsCount;) {
      const first = mutatedRecord(random);
      const { refused } = tally;
      for (let time = 0; time < timesMet; time++) {
        const data = time === 0 ? first : withOtherNumbers(first, random);
        const wrong = meet(templates, data, tally);
        if (wrong) throw new Error(`record ${met}: ${wrong}: ${new TextDecoder().decode(data)}`);
        met += 1;
        // With other numbers, it is hardly better.
        if (tally.refused > refused && time === 0) break;
      }
    }
    for (const count of Object.values(tally)) expect(count).toBeGreaterThan(recordsCount / 20);
  }, 600_000);
});
