import type { SeedReport } from './fuzz-seed.ts';

interface Worst {
  readonly text: string;
  readonly figure: number;
  readonly seed: string;
}

/** The results of many seeds. */
export class FuzzTotals {
  findsCount = 0;
  #seeds = 0;
  #records = 0;
  #unpacked = 0;
  #bytes = 0;
  #cpuNs = 0;
  readonly #worst = new Map<string, Worst>();

  add({ seed, views, recordsCount, unpackedCount, bytes, cpuNs, parts, finds }: SeedReport): void {
    this.#seeds += 1;
    this.#records += recordsCount;
    this.#unpacked += unpackedCount;
    this.#bytes += bytes;
    this.#cpuNs += cpuNs;
    if (finds.length > 0) this.findsCount += 1;
    for (const { cost, ratios } of parts) {
      const per = (amount: number) => (amount / Math.max(1, cost.bytes)).toFixed(1);
      const figures = {
        cpu: `${per(cost.cpuNs)} ns`,
        results: `${per(cost.resultsBytes)} bytes of results`,
        letters: `${per(cost.lettersBytes)} bytes of letters`,
        held: `${per(cost.heldBytes)} bytes held`,
      };
      for (const [name, ratio] of Object.entries(ratios) as [keyof typeof ratios, number][]) {
        const key = `${cost.part}, ${name}, ${views}`;
        if (ratio <= (this.#worst.get(key)?.figure ?? 0)) continue;
        const text = `${figures[name]} a byte, of ${cost.bytes} bytes in ${cost.records} records`;
        this.#worst.set(key, { text, figure: ratio, seed });
      }
    }
  }

  /** A seed that has ended its process. */
  addStop(): void {
    this.findsCount += 1;
  }

  progress(): string {
    const mebibytes = Math.round(this.#bytes / 1024 / 1024);
    const cpuSeconds = Math.round(this.#cpuNs / 1e9);
    return `${this.#seeds} seeds, ${this.#records} records (${this.#unpacked} unpacked), ${mebibytes} MiB, ${cpuSeconds} s of CPU, ${this.findsCount} seeds with finds\n`;
  }

  /** How near the worst came to their bounds. */
  describe(): string {
    const lines = [...this.#worst]
      .toSorted(([, a], [, b]) => b.figure - a.figure)
      .map(
        ([key, { text, figure, seed }]) =>
          `${figure.toFixed(3)} of the bound: ${key}: ${text} (${seed})\n`,
      );
    return this.progress() + lines.join('');
  }
}
