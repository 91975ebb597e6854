import { decodeRecord } from '../decode-record.ts';
import { HashTable } from './hash-table.ts';
import { locateTokens, type TokenPlaces } from './locate-tokens.ts';
import { PieceTable } from './piece-table.ts';
import type { Point } from '../point.ts';
import { readDecimal } from '../read-decimal.ts';
import { readTime } from '../read-time.ts';
import { seriesKey, type Series } from '../series.ts';
import { timeUnits, type TimeUnit } from '../time-unit.ts';

/** Limits on the number of remembered items. */
export interface TemplateLimits {
  readonly templatesMax: number;
  readonly templatesBytesMax: number;
  readonly recordBytesMax: number;
}

const defaultLimits: TemplateLimits = {
  templatesMax: 131_072,
  templatesBytesMax: 64 * 1024 * 1024,
  recordBytesMax: 4_096,
};

/** A template as numbers: the pieces before, between, and after value and time, and its types. */
const column = { before: 0, between: 1, after: 2, types: 3 } as const;
const columnsCount = Object.keys(column).length;
/** A bit in `types`, next to the bits of the time unit: the value is a BIGINT. */
const isWholeBit = 8;

/**
 * Maximum digits of a whole number that a double certainly represents exactly, as required for a
 * BIGINT.
 */
const wholeDigitsMax = 15;
const trustMax = 8;
/** While predictions fail, one in this many is tried. */
const predictionProbe = 16;
const minus = 0x2d;
const quote = 0x22;

/**
 * Decodes the records of known series without creating objects. The bytes of a record, except for
 * its value and its time, are the template of its series. A record that was decoded once as JSON is
 * recognized by its bytes, so only two numbers need to be read. Templates share their pieces. The
 * templates of one host differ only in the measure's name, so all of them are close together in
 * memory.
 *
 * `decodeRecord` decodes every accepted record to the same point. A record that is not accepted may
 * still be valid.
 */
export class PointTemplates {
  /** From the last record that `match` accepted. */
  value = 0;
  /** Whether the value is a BIGINT. */
  isWhole = false;
  timeMs = 0;
  readonly #limits: TemplateLimits;
  readonly #table = new HashTable();
  #pieces = new PieceTable();
  #columns = new Int32Array(columnsCount * 1_024);
  #series: Series[] = [];
  /** The last successor of each template, plus one, because producers repeat their order. */
  #next: Int32Array;
  #isUsed: Uint8Array;
  #last = 0;
  /** Correct predictions minus wrong ones, within limits. */
  #trust = 0;
  #skipped = 0;
  #missesToSweep = 0;
  #sweepsCount = 0;
  #data: Uint8Array = new Uint8Array();
  #view: DataView = new DataView(new ArrayBuffer(0));
  readonly #places = { valueStart: 0, valueEnd: 0, timeStart: 0, timeEnd: 0 };
  readonly #value = { value: 0, end: 0 };
  readonly #time = { value: 0, end: 0 };
  /** The current record. */
  #before = 0;
  #between = 0;
  #after = 0;
  readonly #isIt = (id: number): boolean => {
    const base = id * columnsCount;
    const columns = this.#columns;
    return (
      columns[base + column.before] === this.#before &&
      columns[base + column.between] === this.#between &&
      columns[base + column.after] === this.#after
    );
  };

  constructor(limits: Partial<TemplateLimits> = {}) {
    this.#limits = { ...defaultLimits, ...limits };
    this.#next = new Int32Array(this.#limits.templatesMax);
    this.#isUsed = new Uint8Array(this.#limits.templatesMax);
  }

  get size(): number {
    return this.#series.length;
  }

  /** How often templates were dropped. After each time, the remaining ones have new numbers. */
  get sweepsCount(): number {
    return this.#sweepsCount;
  }

  /** The series of a number that `match` returned. */
  seriesOf(id: number): Series {
    return this.#series[id] as Series;
  }

  /**
   * Recognizes a record.
   *
   * @returns the number of its series, with `value` and `timeMs` set; −1 when the record has to be
   * decoded as JSON
   */
  match(data: Uint8Array): number {
    this.#look(data);
    let id = this.#predict();
    if (id < 0) {
      id = this.#find();
      if (id < 0 || !this.#readTokens(id)) return -1;
      this.#next[this.#last] = id + 1;
    }
    this.#last = id;
    this.#isUsed[id] = 1;
    this.value = this.#value.value;
    this.timeMs = this.#time.value;
    return id;
  }

  /**
   * Remembers a record that `match` did not accept and that `decodeRecord` decoded to one point.
   */
  learn(data: Uint8Array, { series, timeUnit }: Point): void {
    const { measureValueType: type } = series;
    if (type !== 'DOUBLE' && type !== 'BIGINT') return;
    if (data.length > this.#limits.recordBytesMax) return;
    this.#look(data);
    // The same series may have occurred in this shape with a value that was not plain.
    if (this.#find() >= 0) return;
    const places = this.#places;
    if (!locateTokens(data, places) || !isTemplate(data, places, { series, timeUnit })) return;
    if (!this.#makeRoom(data.length)) return;

    const base = data.byteOffset;
    this.#append(series, {
      before: this.#pieces.intern(this.#view, base, base + places.valueStart),
      between: this.#pieces.intern(this.#view, base + places.valueEnd, base + places.timeStart),
      after: this.#pieces.intern(this.#view, base + places.timeEnd, base + data.length),
      types: timeUnits.indexOf(timeUnit) | (type === 'BIGINT' ? isWholeBit : 0),
    });
  }

  /** The template that followed the last one before, if it follows again; otherwise −1. */
  #predict(): number {
    const id = (this.#next[this.#last] as number) - 1;
    if (id < 0) return -1;
    // If the order always changes, comparing the wrong template is wasted work.
    if (this.#trust < 0 && ++this.#skipped % predictionProbe !== 0) return -1;
    const isRight = this.#confirm(id);
    this.#trust = isRight ? Math.min(this.#trust + 1, trustMax) : Math.max(this.#trust - 1, -1);
    return isRight ? id : -1;
  }

  #look(data: Uint8Array): void {
    this.#data = data;
    // Records of one reply often share a buffer.
    if (this.#view.buffer !== data.buffer) this.#view = new DataView(data.buffer);
  }

  /** The template with the pieces of the record, whatever its value and time; or −1. */
  #find(): number {
    const places = this.#places;
    if (!locateTokens(this.#data, places)) return -1;
    const view = this.#view;
    const base = this.#data.byteOffset;
    const pieces = this.#pieces;
    this.#after = pieces.find(view, base + places.timeEnd, base + this.#data.length);
    if (this.#after < 0) return -1;
    this.#before = pieces.find(view, base, base + places.valueStart);
    if (this.#before < 0) return -1;
    this.#between = pieces.find(view, base + places.valueEnd, base + places.timeStart);
    if (this.#between < 0) return -1;
    return this.#table.find(hashOf(this.#before, this.#between, this.#after), this.#isIt);
  }

  /** Reads the value and the time of a record with the pieces of a template. */
  #readTokens(id: number): boolean {
    const { valueStart, valueEnd, timeStart, timeEnd } = this.#places;
    const types = this.#columns[id * columnsCount + column.types] as number;
    return (
      this.#readValue(valueStart, types) &&
      this.#value.end === valueEnd &&
      readTime(this.#data, timeStart, unitOf(types), this.#time) &&
      this.#time.end === timeEnd
    );
  }

  /** Whether the record matches the template, with a plain value and time. If so, reads them. */
  #confirm(id: number): boolean {
    const data = this.#data;
    const view = this.#view;
    const base = data.byteOffset;
    const columns = this.#columns;
    const pieces = this.#pieces;
    const at = id * columnsCount;
    const beforePiece = columns[at + column.before] as number;
    const betweenPiece = columns[at + column.between] as number;
    const afterPiece = columns[at + column.after] as number;
    const types = columns[at + column.types] as number;
    const before = pieces.lengthOf(beforePiece);
    const between = pieces.lengthOf(betweenPiece);
    const after = pieces.lengthOf(afterPiece);
    if (data.length < before + between + after) return false;
    if (!pieces.equals(beforePiece, view, base)) return false;
    if (!this.#readValue(before, types)) return false;
    const timeStart = this.#value.end + between;
    if (timeStart >= data.length) return false;
    if (!pieces.equals(betweenPiece, view, base + this.#value.end)) return false;
    if (!readTime(data, timeStart, unitOf(types), this.#time)) return false;
    if (data.length - this.#time.end !== after) return false;
    return pieces.equals(afterPiece, view, base + this.#time.end);
  }

  #readValue(start: number, types: number): boolean {
    const value = this.#value;
    if (!readDecimal(this.#data, start, value)) return false;
    this.isWhole = (types & isWholeBit) !== 0;
    return !this.isWhole || isPlainWhole(this.#data, start, value.end);
  }

  /** Adds a template, unless too many collide with it or with one of its pieces. */
  #append(series: Series, template: Readonly<Record<keyof typeof column, number>>): void {
    const { before, between, after, types } = template;
    if (before < 0 || between < 0 || after < 0) return;
    const id = this.#series.length;
    if (!this.#table.put(hashOf(before, between, after), id)) return;
    this.#series.push(series);
    const base = id * columnsCount;
    if (base + columnsCount > this.#columns.length) {
      const grown = new Int32Array(this.#columns.length * 2);
      grown.set(this.#columns);
      this.#columns = grown;
    }
    this.#columns.set([before, between, after, types], base);
  }

  /** Drops idle templates when there are too many. When none is idle, no new ones are added. */
  #makeRoom(bytes: number): boolean {
    const { templatesMax, templatesBytesMax } = this.#limits;
    const isFull = () =>
      this.#series.length >= templatesMax || this.#pieces.bytesUsed + bytes > templatesBytesMax;
    if (!isFull()) return true;
    if (this.#missesToSweep > 0) {
      this.#missesToSweep -= 1;
      return false;
    }
    this.#sweep();
    this.#missesToSweep = templatesMax;
    return !isFull();
  }

  /** Keeps the templates used since the last sweep, under new numbers. */
  #sweep(): void {
    const [series, columns, pieces] = [this.#series, this.#columns, this.#pieces];
    const isUsed = this.#isUsed.slice(0, series.length);
    this.#series = [];
    this.#columns = new Int32Array(columns.length);
    this.#pieces = new PieceTable();
    this.#table.clear();
    this.#next.fill(0);
    this.#isUsed.fill(0);
    this.#last = 0;
    this.#sweepsCount += 1;
    for (const [id, known] of series.entries()) {
      if (isUsed[id] === 0) continue;
      const [before = 0, between = 0, after = 0, types = 0] = columns.subarray(id * columnsCount);
      this.#append(known, {
        before: this.#pieces.internFrom(pieces, before),
        between: this.#pieces.internFrom(pieces, between),
        after: this.#pieces.internFrom(pieces, after),
        types,
      });
    }
  }
}

function hashOf(before: number, between: number, after: number): number {
  let hash = Math.imul(after, 0x9e3779b1) ^ (before + 1);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) ^ between;
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function unitOf(types: number): TimeUnit {
  return timeUnits[types & (isWholeBit - 1)] as TimeUnit;
}

/** Whether a number is whole and in the range of BIGINT. */
function isPlainWhole(data: Uint8Array, start: number, end: number): boolean {
  if (end - start - (data[start] === minus ? 1 : 0) > wholeDigitsMax) return false;
  for (let at = start; at < end; at++) {
    if (data[at] === 0x2e) return false;
  }
  return true;
}

/**
 * Two pairs of a value and a time with nothing in common, so no surrounding text can contain both
 * values.
 */
const probes = [
  { value: '1', time: '2' },
  { value: '3', time: '4' },
] as const;

/**
 * Whether `decodeRecord` reads value and time from exactly these bytes and from no others. To check
 * it, puts other numbers there: the record must decode to the same point except for these.
 */
function isTemplate(
  data: Uint8Array,
  { valueStart, valueEnd, timeStart, timeEnd }: TokenPlaces,
  { series, timeUnit }: Pick<Point, 'series' | 'timeUnit'>,
): boolean {
  const quotes = [valueStart - 1, valueEnd, timeStart - 1, timeEnd];
  if (quotes.some((at) => data[at] !== quote)) return false;
  const key = seriesKey(series);
  const probe = new Uint8Array(data.length - (valueEnd - valueStart) - (timeEnd - timeStart) + 2);
  const between = data.subarray(valueEnd, timeStart);
  probe.set(data.subarray(0, valueStart));
  probe.set(between, valueStart + 1);
  probe.set(data.subarray(timeEnd), valueStart + between.length + 2);
  return probes.every(({ value, time }) => {
    probe[valueStart] = value.charCodeAt(0);
    probe[valueStart + 1 + between.length] = time.charCodeAt(0);
    const [decoded, ...others] = decodeRecord(probe);
    if (!decoded?.ok || others.length > 0) return false;
    const { point } = decoded;
    return (
      point.value === value &&
      point.time === time &&
      point.timeUnit === timeUnit &&
      seriesKey(point.series) === key
    );
  });
}
