import type { OpenStore, Row, StoredCorrection, StoreTable } from '@highwater/model';
import { SeededRandom } from '@highwater/testkit';

/** A row as a reader sees it: the highest version of what was written. */
export interface ModelRow {
  readonly table: StoreTable;
  readonly measure: string;
  /** Without the bounds of windows. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly timeMs: number;
  /** Absent where the value is no number. */
  readonly value?: number;
  readonly window?: { readonly startMs: number; readonly endMs: number };
  readonly isFilled: boolean;
  readonly correction?: StoredCorrection;
}

/** What is in a store. */
export interface FilledStore {
  /** Raw points and view rows. */
  readonly rows: readonly ModelRow[];
  readonly corrections: readonly StoredCorrection[];
  /** What was written last of each row: with the highest version. */
  readonly written: Readonly<Record<StoreTable, readonly Row[]>>;
  /** All rows are in it, both ends included. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Rows that were written, with all their versions. */
  readonly writtenCount: number;
}

export interface FillOptions {
  /** Opens a table as another process would. */
  readonly open: (table: StoreTable) => Promise<OpenStore>;
  readonly seed: string;
}

const writersCount = 4;
const minuteMs = 60_000;
const hosts = [
  'alpha',
  'Beta',
  'beta-2',
  "o'neil",
  'back\\slash',
  'Größe',
  'per%cent_',
  '"quoted"',
];
const regions = ['eu', 'us', 'ap'];

interface Versioned {
  readonly model: ModelRow;
  readonly row: Row;
}

/**
 * Fills a store by several writers at once, each with random versions of the same rows in a random
 * order, some of them more than once.
 *
 * @returns what a reader has to see then
 */
export async function fillStoreForReading({ open, seed }: FillOptions): Promise<FilledStore> {
  const random = new SeededRandom(seed);
  const toMs = Math.floor(Date.now() / minuteMs) * minuteMs;
  const fromMs = toMs - 40 * minuteMs;
  const generator = new RowGenerator(random, fromMs);
  const all = [...generator.raw(2_000), ...generator.views(1_200), ...generator.corrections(300)];
  let writtenCount = 0;
  for (const table of ['raw', 'views', 'corrections'] as const) {
    const rows = all.filter(([newest]) => newest?.model.table === table).flat();
    const shares = Array.from({ length: writersCount }, () => [] as Row[]);
    for (const { row } of rows) {
      const copies = random.chance(0.15) ? 2 : 1;
      for (let copy = 0; copy < copies; copy++) random.pick(shares).push(row);
    }
    await Promise.all(
      shares.map(async (share) => {
        writtenCount += share.length;
        await using store = await open(table);
        await writeShare(store, random.shuffle(share), random);
      }),
    );
  }
  const last = all.flatMap((versions) => versions.at(-1) ?? []);
  const newest = last.map(({ model }) => model);
  const writtenTo = (table: StoreTable) =>
    last.filter(({ model }) => model.table === table).map(({ row }) => row);
  return {
    written: {
      raw: writtenTo('raw'),
      views: writtenTo('views'),
      corrections: writtenTo('corrections'),
    },
    rows: newest.filter(({ table }) => table !== 'corrections'),
    corrections: newest.flatMap(({ correction }) => correction ?? []),
    fromMs,
    toMs,
    writtenCount,
  };
}

async function writeShare(store: OpenStore, rows: readonly Row[], random: SeededRandom) {
  const { signal } = new AbortController();
  for (let start = 0; start < rows.length;) {
    const end = start + random.int(1, 400);
    for (const outcome of await store.write(rows.slice(start, end), signal)) {
      if (outcome.status === 'rejected') throw new Error(`${outcome.reason}: ${outcome.detail}`);
    }
    start = end;
  }
}

/** Rows with their versions, lowest first. */
class RowGenerator {
  readonly #random: SeededRandom;
  readonly #fromMs: number;
  readonly #identities = new Set<string>();

  constructor(random: SeededRandom, fromMs: number) {
    this.#random = random;
    this.#fromMs = fromMs;
  }

  raw(count: number): readonly (readonly Versioned[])[] {
    const measures = [
      ['cpu_user', 'DOUBLE'],
      ['cpu_user', 'DOUBLE'],
      ['tasks', 'BIGINT'],
      ['state', 'VARCHAR'],
      ['is_up', 'BOOLEAN'],
    ] as const;
    return this.#many(count, () => {
      const [measure, type] = this.#random.pick(measures);
      const timeMs = this.#fromMs + this.#random.int(0, 40 * minuteMs);
      // Never at the bound of a question, where it would be inside for some engines only.
      const nanoseconds = timeMs % 2 === 1 ? this.#random.pick(['000001', '999999']) : '000000';
      return this.#versions(
        { table: 'raw', measure, timeMs, dimensions: this.#dimensions() },
        { type, time: `${timeMs}${nanoseconds}`, timeUnit: 'NANOSECONDS' },
      );
    });
  }

  views(count: number): readonly (readonly Versioned[])[] {
    const measures = [
      ['avg_cpu_user', 'DOUBLE', 1],
      ['filled_cpu_user', 'DOUBLE', 1],
      ['sum_tasks', 'BIGINT', 5],
    ] as const;
    return this.#many(count, () => {
      const [measure, type, minutes] = this.#random.pick(measures);
      const sizeMs = minutes * minuteMs;
      const startMs = this.#fromMs + this.#random.int(0, 40 / minutes - 1) * sizeMs;
      const window = { startMs, endMs: startMs + sizeMs };
      // Views say which bound is the time of their rows.
      const timeMs = measure === 'sum_tasks' ? window.endMs : window.startMs;
      return this.#versions(
        { table: 'views', measure, timeMs, dimensions: this.#dimensions(), window },
        { type, time: String(timeMs), timeUnit: 'MILLISECONDS' },
      );
    });
  }

  corrections(count: number): readonly (readonly Versioned[])[] {
    return this.#many(count, () => {
      const startMs = this.#fromMs + this.#random.int(0, 30) * minuteMs;
      const window = { startMs, endMs: startMs + minuteMs };
      const timeMs = window.endMs + this.#random.int(0, 9 * minuteMs);
      const measure = this.#random.pick(['avg_cpu_user', 'sum_tasks']);
      return this.#versions(
        { table: 'corrections', measure, timeMs, dimensions: this.#dimensions(), window },
        { type: 'VARCHAR', time: String(timeMs), timeUnit: 'MILLISECONDS' },
      );
    });
  }

  /** As many as asked for, none of them of an identity that was there before. */
  #many(count: number, make: () => readonly Versioned[]): readonly (readonly Versioned[])[] {
    const rows: (readonly Versioned[])[] = [];
    while (rows.length < count) {
      const versions = make();
      const { row } = versions[0] as Versioned;
      const identity = JSON.stringify([row.measureName, row.dimensions, row.time]);
      if (this.#identities.has(identity)) continue;
      this.#identities.add(identity);
      rows.push(versions);
    }
    return rows;
  }

  #dimensions(): Readonly<Record<string, string>> {
    const host = this.#random.pick(hosts);
    const region = this.#random.pick(regions);
    return this.#random.chance(0.3) ? { host, region, zone: 'a' } : { host, region };
  }

  #versions(
    model: Pick<ModelRow, 'table' | 'measure' | 'timeMs' | 'dimensions' | 'window'>,
    sent: { readonly type: Row['measureValueType'] } & Pick<Row, 'time' | 'timeUnit'>,
  ): readonly Versioned[] {
    const count = this.#random.int(1, 5);
    const versions = new Set(Array.from({ length: count }, () => this.#random.int(1, 1_000)));
    return [...versions]
      .toSorted((a, b) => a - b)
      .map((version) => this.#version(model, { ...sent, version }));
  }

  #version(
    model: Pick<ModelRow, 'table' | 'measure' | 'timeMs' | 'dimensions' | 'window'>,
    sent: { readonly type: Row['measureValueType'] } & Pick<Row, 'time' | 'timeUnit' | 'version'>,
  ): Versioned {
    const { table, measure, dimensions, window } = model;
    const { type, ...rest } = sent;
    const isFilled = measure === 'filled_cpu_user' && this.#random.chance(0.5);
    const correction = table === 'corrections' ? this.#correction(model) : undefined;
    const text = correction ? changeText(correction) : this.#value(type);
    const bounds: Readonly<Record<string, string>> = window
      ? { window_start: boundText(window.startMs), window_end: boundText(window.endMs) }
      : {};
    const row: Row = {
      measureName: measure,
      measureValueType: type,
      measureValue: text,
      dimensions: Object.entries({ ...dimensions, ...bounds }).map(([name, value]) => ({
        name,
        value,
      })),
      ...rest,
      ...(measure === 'filled_cpu_user'
        ? {
            attributes: [
              { name: 'interpolated', type: 'VARCHAR', value: isFilled ? 'linear' : 'none' },
            ],
          }
        : {}),
    };
    const isNumber = type === 'DOUBLE' || type === 'BIGINT';
    return {
      row,
      model: {
        ...model,
        isFilled,
        ...(isNumber ? { value: Number(text) } : {}),
        ...(correction ? { correction } : {}),
      },
    };
  }

  #value(type: Row['measureValueType']): string {
    switch (type) {
      case 'DOUBLE':
        return String(this.#random.int(-1_000_000, 1_000_000) / 1000);
      case 'BIGINT':
        return String(this.#random.int(-1_000_000, 1_000_000));
      case 'VARCHAR':
        return this.#random.pick(['running', 'it"s \\ {odd}', 'stopped']);
      case 'BOOLEAN':
        return this.#random.pick(['true', 'false']);
    }
  }

  #correction({
    measure,
    dimensions,
    timeMs,
    window,
  }: Pick<ModelRow, 'measure' | 'dimensions' | 'timeMs' | 'window'>): StoredCorrection {
    const added = this.#random.int(1, 9);
    return {
      measure,
      dimensions,
      windowStartMs: window?.startMs ?? 0,
      windowEndMs: window?.endMs ?? 0,
      knownAtMs: timeMs,
      from: this.#random.int(-1_000, 1_000) / 8,
      to: this.#random.int(-1_000, 1_000) / 8,
      points: added + this.#random.int(0, 90),
      added,
      late: this.#random.int(0, added),
      lateByMs: timeMs - (window?.endMs ?? 0),
    };
  }
}

function changeText({ from, to, points, added, late, lateByMs }: StoredCorrection): string {
  return JSON.stringify({ from, to, points, added, late, lateByMs });
}

function boundText(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('T', ' ').replace('Z', '');
}
