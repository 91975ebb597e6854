import type { Dimension, Series } from '@highwater/model';

/** Dimensions that are remembered; when there are more, all are forgotten and met again. */
const dimensionsMax = 65_536;

/**
 * Lets series that have a dimension in common hold one object for it. A fleet has far fewer dimensions
 * than series, so they take a fraction of the memory, and are near when they are written out.
 */
export class SharedDimensions {
  /** By name, then by value. */
  readonly #dimensions = new Map<string, Map<string, Dimension>>();
  #count = 0;

  /** The same series, made of shared dimensions. */
  share({ measureName, measureValueType, dimensions }: Series): Series {
    return { measureName, measureValueType, dimensions: dimensions.map((own) => this.#of(own)) };
  }

  #of(own: Dimension): Dimension {
    const known = this.#dimensions.get(own.name)?.get(own.value);
    if (known) return known;
    if (this.#count >= dimensionsMax) {
      this.#dimensions.clear();
      this.#count = 0;
    }
    const values = this.#dimensions.get(own.name) ?? new Map<string, Dimension>();
    this.#dimensions.set(own.name, values.set(own.value, own));
    this.#count += 1;
    return own;
  }
}
