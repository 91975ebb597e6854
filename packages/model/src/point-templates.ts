import { equalSpans, hashSpan } from './byte-spans.ts';
import { decodeRecord } from './decode-record.ts';
import { locateTokens, type TokenPlaces } from './locate-tokens.ts';
import type { Point } from './point.ts';
import { readDecimal } from './read-decimal.ts';
import { readTime } from './read-time.ts';
import { seriesKey, type Series } from './series.ts';
import { TemplateTable } from './template-table.ts';
import type { TimeUnit } from './time-unit.ts';

/** The bounds on what is remembered. */
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

/** A record's bytes without value and time: all that its series says. */
interface Template {
  readonly series: Series;
  readonly timeUnit: TimeUnit;
  readonly isWhole: boolean;
  /** Bytes before the value, between value and time, and after the time. */
  readonly before: number;
  readonly between: number;
  readonly after: number;
  /** Where they lie, one behind the other. */
  readonly at: number;
  readonly hash: number;
}

/** Longest whole number that is surely in the range of BIGINT. */
const wholeDigitsMax = 18;
const trustMax = 8;
/** While predictions fail, one in so many is tried. */
const predictionProbe = 16;
const minus = 0x2d;
const quote = 0x22;

/**
 * Decodes the records of known series without making objects. The bytes of a record apart from its
 * value and its time are the template of its series: what was decoded once as JSON is recognised by
 * its bytes, so that only two numbers are read.
 *
 * What it takes, `decodeRecord` decodes to the same point; what it does not take may be anything.
 */
export class PointTemplates {
  /** Of the last record that `match` took. */
  value = 0;
  timeMs = 0;
  readonly #limits: TemplateLimits;
  readonly #table = new TemplateTable();
  #templates: Template[] = [];
  /** What came after a template when it was last seen, plus one: producers repeat their order. */
  #next: Int32Array;
  #isUsed: Uint8Array;
  #last = 0;
  /** Right predictions less wrong ones, within bounds. */
  #trust = 0;
  #skipped = 0;
  #bytes = new Uint8Array(1 << 16);
  #bytesView = new DataView(this.#bytes.buffer);
  #bytesUsed = 0;
  #missesToSweep = 0;
  #dataView: DataView = new DataView(new ArrayBuffer(0));
  readonly #places = { valueStart: 0, valueEnd: 0, timeStart: 0, timeEnd: 0 };
  readonly #value = { value: 0, end: 0 };
  readonly #time = { value: 0, end: 0 };
  #data: Uint8Array = new Uint8Array();
  readonly #isIt = (id: number): boolean => this.#confirm(this.#templates[id] as Template);

  constructor(limits: Partial<TemplateLimits> = {}) {
    this.#limits = { ...defaultLimits, ...limits };
    this.#next = new Int32Array(this.#limits.templatesMax);
    this.#isUsed = new Uint8Array(this.#limits.templatesMax);
  }

  get size(): number {
    return this.#templates.length;
  }

  /** The series of a number that `match` gave: one object until its template is forgotten. */
  seriesOf(id: number): Series {
    return (this.#templates[id] as Template).series;
  }

  /**
   * Recognises a record.
   *
   * @returns the number of its series, with `value` and `timeMs` set; −1 when the record has to be
   *   decoded as JSON
   */
  match(data: Uint8Array): number {
    this.#look(data);
    let id = this.#predict();
    if (id < 0) {
      if (!locateTokens(data, this.#places)) return -1;
      id = this.#table.find(this.#hash(), this.#isIt);
      if (id < 0) return -1;
      this.#next[this.#last] = id + 1;
    }
    this.#last = id;
    this.#isUsed[id] = 1;
    this.value = this.#value.value;
    this.timeMs = this.#time.value;
    return id;
  }

  /** Remembers a record that `match` did not take and that `decodeRecord` decoded to one point. */
  learn(data: Uint8Array, { series, timeUnit }: Point): void {
    const { measureValueType: type } = series;
    if (type !== 'DOUBLE' && type !== 'BIGINT') return;
    const places = this.#places;
    if (data.length > this.#limits.recordBytesMax || !locateTokens(data, places)) return;
    if (!isTemplate(data, places, series)) return;
    const before = places.valueStart;
    const between = places.timeStart - places.valueEnd;
    const after = data.length - places.timeEnd;
    if (!this.#makeRoom(before + between + after)) return;

    this.#look(data);
    const hash = this.#hash();
    const isWhole = type === 'BIGINT';
    const at = this.#bytesUsed;
    const shape = { before, between, after };
    // The same series may have come in this shape, with a value that was not plain.
    if (this.#table.find(hash, (id) => this.#isSame(this.#templates[id] as Template, shape)) >= 0) {
      return;
    }
    this.#append(data.subarray(0, before));
    this.#append(data.subarray(places.valueEnd, places.timeStart));
    this.#append(data.subarray(places.timeEnd));
    this.#table.put(hash, this.#templates.length);
    this.#templates.push({ series, timeUnit, isWhole, ...shape, at, hash });
  }

  /** The template that came after the last one before, if it comes again; else −1. */
  #predict(): number {
    const id = (this.#next[this.#last] as number) - 1;
    if (id < 0) return -1;
    // Where the order is never the same, a look at the wrong template only costs.
    if (this.#trust < 0 && ++this.#skipped % predictionProbe !== 0) return -1;
    const isRight = this.#isIt(id);
    this.#trust = isRight ? Math.min(this.#trust + 1, trustMax) : Math.max(this.#trust - 1, -1);
    return isRight ? id : -1;
  }

  #look(data: Uint8Array): void {
    this.#data = data;
    // Records that came in one reply often lie in one buffer.
    if (this.#dataView.buffer !== data.buffer) this.#dataView = new DataView(data.buffer);
  }

  #hash(): number {
    const { valueStart, valueEnd, timeStart, timeEnd } = this.#places;
    const view = this.#dataView;
    const base = this.#data.byteOffset;
    let hash = hashSpan(view, base, base + valueStart, 0);
    hash = hashSpan(view, base + valueEnd, base + timeStart, hash);
    return hashSpan(view, base + timeEnd, base + this.#data.length, hash);
  }

  /** Whether the record is of the template, with a value and a time that are plain. */
  #confirm({ before, between, after, at, timeUnit, isWhole }: Template): boolean {
    const data = this.#data;
    if (data.length < before + between + after) return false;
    const view = this.#dataView;
    const base = data.byteOffset;
    const value = this.#value;
    const time = this.#time;
    if (!equalSpans(view, base, this.#bytesView, at, before)) return false;
    if (!readDecimal(data, before, value)) return false;
    if (isWhole && !isPlainWhole(data, before, value.end)) return false;
    const timeStart = value.end + between;
    if (timeStart >= data.length) return false;
    if (!equalSpans(view, base + value.end, this.#bytesView, at + before, between)) return false;
    if (!readTime(data, timeStart, timeUnit, time)) return false;
    if (data.length - time.end !== after) return false;
    return equalSpans(view, base + time.end, this.#bytesView, at + before + between, after);
  }

  #isSame(template: Template, shape: Pick<Template, 'before' | 'between' | 'after'>): boolean {
    const { before, between, after, at } = template;
    if (before !== shape.before || between !== shape.between || after !== shape.after) return false;
    const view = this.#dataView;
    const base = this.#data.byteOffset;
    const { valueEnd, timeEnd } = this.#places;
    return (
      equalSpans(view, base, this.#bytesView, at, before) &&
      equalSpans(view, base + valueEnd, this.#bytesView, at + before, between) &&
      equalSpans(view, base + timeEnd, this.#bytesView, at + before + between, after)
    );
  }

  #append(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#bytesUsed);
    this.#bytesUsed += bytes.length;
  }

  /** Forgets idle templates when there are too many; when none is idle, nothing new is learnt. */
  #makeRoom(bytes: number): boolean {
    const { templatesMax, templatesBytesMax } = this.#limits;
    const isFull = () =>
      this.#templates.length >= templatesMax || this.#bytesUsed + bytes > templatesBytesMax;
    if (isFull()) {
      if (this.#missesToSweep > 0) {
        this.#missesToSweep -= 1;
        return false;
      }
      this.#sweep();
      this.#missesToSweep = templatesMax;
      if (isFull()) return false;
    }
    if (this.#bytesUsed + bytes > this.#bytes.length) this.#grow();
    return true;
  }

  #grow(): void {
    const grown = new Uint8Array(this.#bytes.length * 2);
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#bytesView = new DataView(grown.buffer);
  }

  /** Keeps the templates that were used since the last sweep, under new numbers. */
  #sweep(): void {
    const kept = this.#templates.filter((_, id) => this.#isUsed[id] === 1);
    this.#templates = [];
    this.#table.clear();
    this.#bytesUsed = 0;
    this.#next.fill(0);
    this.#isUsed.fill(0);
    this.#last = 0;
    for (const template of kept) {
      const { at, before, between, after, hash } = template;
      const bytes = before + between + after;
      this.#bytes.copyWithin(this.#bytesUsed, at, at + bytes);
      this.#table.put(hash, this.#templates.length);
      this.#templates.push({ ...template, at: this.#bytesUsed });
      this.#bytesUsed += bytes;
    }
  }
}

/** Whether a whole number is in the range of BIGINT, and not a fraction. */
function isPlainWhole(data: Uint8Array, start: number, end: number): boolean {
  if (end - start - (data[start] === minus ? 1 : 0) > wholeDigitsMax) return false;
  for (let at = start; at < end; at++) {
    if (data[at] === 0x2e) return false;
  }
  return true;
}

/**
 * Whether the bytes at the places are what `decodeRecord` reads value and time from, and nothing
 * else: with other numbers there, the record must be the same point but for these.
 */
function isTemplate(
  data: Uint8Array,
  { valueStart, valueEnd, timeStart, timeEnd }: TokenPlaces,
  series: Series,
): boolean {
  const quotes = [valueStart - 1, valueEnd, timeStart - 1, timeEnd];
  if (quotes.some((at) => data[at] !== quote)) return false;
  const probe = new Uint8Array(data.length - (valueEnd - valueStart) - (timeEnd - timeStart) + 2);
  probe.set(data.subarray(0, valueStart));
  probe[valueStart] = 0x31;
  const between = data.subarray(valueEnd, timeStart);
  probe.set(between, valueStart + 1);
  probe[valueStart + 1 + between.length] = 0x32;
  probe.set(data.subarray(timeEnd), valueStart + between.length + 2);
  const [decoded, ...others] = decodeRecord(probe);
  if (!decoded?.ok || others.length > 0) return false;
  const { point } = decoded;
  return point.value === '1' && point.time === '2' && seriesKey(point.series) === seriesKey(series);
}
