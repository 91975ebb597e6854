import type { Dimension } from '@highwater/model';
import type { PreparedRow } from '@highwater/store-kit';
import { hash } from 'node:crypto';
import { windowOf, type WindowBounds } from './window-bounds.ts';

/** A measure name and dimensions, and the number that rows name them by. */
export interface Series {
  /** 128 bits that follow from the measure name and the dimensions alone, so that no writer has to ask. */
  readonly id: Buffer;
  readonly measureName: string;
  readonly valueType: string;
  /** Without the bounds of a window. Sorted by name. */
  readonly dimensions: readonly Dimension[];
  /** When it was last written to the table of series, by the monotonic clock; undefined before. */
  registeredAtMs: number | undefined;
}

/** A row in the form that the table keeps it in. */
export interface PlacedRow {
  readonly prepared: PreparedRow;
  readonly series: Series;
  readonly window: WindowBounds | undefined;
}

/** Series that are remembered, each in a few hundred bytes; others cost a hash a row. */
const rememberedMax = 200_000;

/** Series by their dimensions, and then by measure name and type: dimensions are long and shared. */
type Shelf = Map<string, Map<string, Series>>;

/** Finds the series of rows, and remembers those that it has seen lately. */
export class SeriesBook {
  readonly #hasWindows: boolean;
  #newer: Shelf = new Map();
  #older: Shelf = new Map();
  #newerCount = 0;

  constructor({ hasWindows }: { readonly hasWindows: boolean }) {
    this.#hasWindows = hasWindows;
  }

  place(prepared: PreparedRow): PlacedRow {
    const { row, dimensionSet } = prepared;
    const window = this.#hasWindows ? windowOf(row.dimensions) : undefined;
    const dimensionsKey = window ? keyWithoutWindow(row.dimensions) : dimensionSet.sortKey;
    const measureKey = `${row.measureValueType} ${row.measureName}`;
    const series =
      this.#newer.get(dimensionsKey)?.get(measureKey) ??
      this.#keep(dimensionsKey, measureKey, prepared);
    return { prepared, window, series };
  }

  #keep(dimensionsKey: string, measureKey: string, prepared: PreparedRow): Series {
    const series =
      this.#older.get(dimensionsKey)?.get(measureKey) ??
      newSeries(dimensionsKey, prepared, this.#hasWindows);
    if (this.#newerCount >= rememberedMax / 2) {
      this.#older = this.#newer;
      this.#newer = new Map();
      this.#newerCount = 0;
    }
    let measures = this.#newer.get(dimensionsKey);
    if (!measures) this.#newer.set(dimensionsKey, (measures = new Map()));
    measures.set(measureKey, series);
    this.#newerCount += 1;
    return series;
  }
}

/** No text has a NUL in it, so different series have different texts. */
function newSeries(dimensionsKey: string, { row }: PreparedRow, hasWindows: boolean): Series {
  const { measureName, measureValueType: valueType } = row;
  const isWithout = hasWindows && windowOf(row.dimensions) !== undefined;
  return {
    id: Buffer.from(hash('sha256', `${measureName}\0${dimensionsKey}`, 'hex').slice(0, 32), 'hex'),
    measureName,
    valueType,
    dimensions: isWithout
      ? row.dimensions.filter(({ name }) => !isWindowBound(name))
      : row.dimensions,
    registeredAtMs: undefined,
  };
}

/** As `DimensionSet.sortKey`, of the dimensions that are left. */
function keyWithoutWindow(dimensions: readonly Dimension[]): string {
  let key = '';
  for (const { name, value } of dimensions) {
    if (!isWindowBound(name)) key += `${name}\0${value}\0`;
  }
  return key;
}

function isWindowBound(name: string): boolean {
  return name === 'window_start' || name === 'window_end';
}
