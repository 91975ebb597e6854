/** A whole number for each series, 0 until it is set: four bytes for each series of the dictionary. */
export class SeriesCounts {
  #counts = new Int32Array(16);

  get(seriesId: number): number {
    return this.#counts[seriesId] ?? 0;
  }

  set(seriesId: number, count: number): void {
    if (seriesId >= this.#counts.length) {
      const grown = new Int32Array(Math.max(seriesId + 1, this.#counts.length * 2));
      grown.set(this.#counts);
      this.#counts = grown;
    }
    this.#counts[seriesId] = count;
  }

  /** Only counts above 0: each series, followed by its count. */
  pairs(): Int32Array {
    const pairs: number[] = [];
    for (const [seriesId, count] of this.#counts.entries()) {
      if (count !== 0) pairs.push(seriesId, count);
    }
    return Int32Array.from(pairs);
  }
}
