import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashSpan } from '../src/templates/byte-spans.ts';
import { equalHashesMax, HashTable, probesMax } from '../src/templates/hash-table.ts';
import { decodeRecord, PointTemplates, seriesKey } from '../src/index.ts';
import { PieceTable } from '../src/templates/piece-table.ts';
import { collidingTexts } from './colliding-pieces.ts';

const encoder = new TextEncoder();
/** The text after the time, with the part that makes it one of many. */
const ending = { prefix: '","TimeUnit":"SECONDS","host":"', suffix: '"}' };

function viewOf(text: string): DataView {
  const bytes = encoder.encode(text);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

describe('a table of hashes', () => {
  // Goal: no choice of hashes makes a look-up long, and stored numbers are found as long as the
  // table lives. Method: hashes that are equal, share a slot, or end at the table's last slot,
  // compared with a list of stored numbers. The calls of `isIt` are counted.
  it('checks few numbers of one hash, and rejects the others', () => {
    const table = new HashTable();
    const put = Array.from({ length: 1_000 }, (_, id) => table.put(7, id));
    expect(put.filter(Boolean)).toHaveLength(equalHashesMax);
    let asked = 0;
    const count = () => (asked++, false);
    expect(table.find(7, count)).toBe(-1);
    expect(asked).toBe(equalHashesMax);
  });

  it('checks few slots when different hashes share one', () => {
    const table = new HashTable();
    const put = Array.from({ length: 1_000 }, (_, id) => table.put(id << 20, id));
    expect(put.filter(Boolean)).toHaveLength(probesMax);
    const found = put.map((_, id) => table.find(id << 20, (other) => other === id));
    expect(found).toEqual(put.map((isPut, id) => (isPut ? id : -1)));
  });

  it('finds everything stored, even after it has grown', () => {
    const anyHash = fc.oneof(
      fc.integer(),
      // Runs that continue from the last slot to the first, before and after the table grows.
      fc.tuple(fc.nat(255), fc.integer({ min: -40, max: 20 })).map(([a, b]) => ((a << 12) | 0) + b),
      fc.constantFrom(-1, 1_023, 5, 0),
    );
    const property = fc.property(
      fc.array(anyHash, { minLength: 500, maxLength: 1_200, size: 'max' }),
      (hashes) => {
        const table = new HashTable();
        const put = hashes.map((hash, id) => table.put(hash, id));
        const found = hashes.map((hash, id) => table.find(hash, (other) => other === id));
        expect(found).toEqual(put.map((isPut, id) => (isPut ? id : -1)));
      },
    );
    fc.assert(property, { numRuns: 20 });
  });
});

describe('a table of pieces', () => {
  const crafted = [...collidingTexts(ending, 2_000)];

  it('handles pieces of one hash, which anybody can make', () => {
    const hashes = crafted.map((text) => hashSpan(viewOf(text), 0, text.length));
    expect(new Set(crafted).size).toBe(crafted.length);
    expect(new Set(hashes).size).toBe(1);
  });

  // Goal: a piece has one number or none, whatever it collides with. Method: crafted and ordinary
  // pieces in any order, many of them repeated, compared with a map.
  it('agrees with a map, for crafted and ordinary pieces', () => {
    const anyPiece = fc.oneof(
      fc.constantFrom(...crafted.slice(0, 40)),
      fc.string({ maxLength: 20 }),
      fc.nat(600).map((number) => `host-${number}`),
    );
    const property = fc.property(
      fc.array(anyPiece, { minLength: 300, maxLength: 900, size: 'max' }),
      (pieces) => {
        const table = new PieceTable();
        const numbers = new Map<string, number>();
        const wrong: string[] = [];
        for (const piece of pieces) {
          const view = viewOf(piece);
          const known = numbers.get(piece) ?? -1;
          const found = table.find(view, 0, view.byteLength);
          const id = table.intern(view, 0, view.byteLength);
          const isRight =
            known >= 0 ? id === known : id < 0 ? crafted.includes(piece) : id === numbers.size;
          if (found !== known || !isRight) wrong.push(piece);
          if (id >= 0) numbers.set(piece, id);
        }
        for (const [piece, id] of numbers) {
          const view = viewOf(piece);
          const isFound = table.find(view, 0, view.byteLength) === id;
          if (!isFound || !table.equals(id, view, 0)) wrong.push(piece);
        }
        expect(wrong).toEqual([]);
      },
    );
    fc.assert(property, { numRuns: 20 });
  });
});

describe('templates of crafted records', () => {
  const record = (rest: string) =>
    encoder.encode(
      `{"MeasureName":"m","MeasureValue":"1.5","MeasureValueType":"DOUBLE","Time":"17${rest}`,
    );

  it('learn a few of one hash and leave the others to be decoded, and learn all ordinary ones', () => {
    const templates = new PointTemplates({ templatesMax: 600 });
    const crafted = [...collidingTexts(ending, 500)].map(record);
    const ordinary = Array.from({ length: 500 }, (_, index) => record(`","host":"h-${index}"}`));
    const meet = (data: Uint8Array): boolean => {
      const [decoded] = decodeRecord(data);
      if (!decoded?.ok) throw new Error('every record is a point');
      const id = templates.match(data);
      if (id < 0) templates.learn(data, decoded.point);
      else expect(seriesKey(templates.seriesOf(id))).toBe(seriesKey(decoded.point.series));
      return id >= 0;
    };
    const rounds = Array.from({ length: 2 }, () => [
      crafted.filter(meet).length,
      ordinary.filter(meet).length,
    ]);
    expect(rounds).toEqual([
      [0, 0],
      [equalHashesMax, 500],
    ]);
    expect(templates.size).toBe(500 + equalHashesMax);
    // So many new series that idle ones are dropped, and the rest get new numbers.
    for (let index = 0; index < 800; index++) meet(record(`","host":"new-${index}"}`));
    expect(templates.sweepsCount).toBeGreaterThan(0);
    for (const data of [...crafted, ...ordinary]) meet(data);
    expect(templates.size).toBeLessThanOrEqual(600);
  });
});
