import { measureValueTypes, type Dimension, type Series } from '@highwater/model';
import { z } from 'zod';
import { SnapshotError } from '../errors.ts';

/** The shared parts of series: each text once, and each pair of a dimension's name and value. */
export const seriesTextsSchema = z.object({
  texts: z.array(z.string()),
  /** For each dimension, the places of its name and its value in `texts`. */
  dimensions: z.array(z.int().nonnegative()),
});

/** Series for a snapshot. */
export interface SeriesColumns extends z.output<typeof seriesTextsSchema> {
  /** For each series: its type, its measure name, how many dimensions, and which. */
  readonly numbers: Int32Array;
}

/** Writes series as numbers that refer to a table of their shared parts. */
export function encodeSeries(series: readonly Series[]): SeriesColumns {
  const texts = new Places<string>();
  const dimensions: number[] = [];
  const values = new Map<string, Map<string, number>>();
  const placeOfDimension = ({ name, value }: Dimension): number => {
    const ofName = values.get(name) ?? new Map<string, number>();
    if (ofName.size === 0) values.set(name, ofName);
    const known = ofName.get(value);
    if (known !== undefined) return known;
    const place = dimensions.push(texts.of(name), texts.of(value)) / 2 - 1;
    ofName.set(value, place);
    return place;
  };
  const numbers: number[] = [];
  for (const { measureName, measureValueType, dimensions: own } of series) {
    const type = measureValueTypes.indexOf(measureValueType);
    numbers.push(type, texts.of(measureName), own.length);
    for (const dimension of own) numbers.push(placeOfDimension(dimension));
  }
  return { texts: texts.all, dimensions, numbers: Int32Array.from(numbers) };
}

/**
 * Reads series back. Equal dimensions are one object, so that many series take little memory.
 *
 * @throws {SnapshotError} when the numbers do not fit the table
 */
export function decodeSeries({ texts, dimensions, numbers }: SeriesColumns): Series[] {
  const textAt = (place: number): string => {
    const text = texts[place];
    if (text === undefined) throw new SnapshotError(`it has no text ${place}`);
    return text;
  };
  const shared: Dimension[] = [];
  for (let at = 0; at + 2 <= dimensions.length; at += 2) {
    shared.push({ name: textAt(dimensions[at] ?? -1), value: textAt(dimensions[at + 1] ?? -1) });
  }
  const series: Series[] = [];
  let at = 0;
  while (at < numbers.length) {
    const type = numbers[at] ?? -1;
    const name = numbers[at + 1] ?? -1;
    const count = numbers[at + 2] ?? -1;
    const measureValueType = measureValueTypes[type];
    const own: Dimension[] = [];
    for (let index = at + 3; index < at + 3 + count; index++) {
      const dimension = shared[numbers[index] ?? -1];
      if (dimension) own.push(dimension);
    }
    if (!measureValueType || own.length !== count) {
      throw new SnapshotError(`series ${series.length} is incomplete`);
    }
    series.push({ measureName: textAt(name), measureValueType, dimensions: own });
    at += 3 + count;
  }
  return series;
}

/** Numbers different items in the order in which they come. */
class Places<Item> {
  readonly all: Item[] = [];
  readonly #places = new Map<Item, number>();

  of(item: Item): number {
    const known = this.#places.get(item);
    if (known !== undefined) return known;
    const place = this.all.push(item) - 1;
    this.#places.set(item, place);
    return place;
  }
}
