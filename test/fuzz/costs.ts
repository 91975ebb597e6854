/** The cost of a part of a case. */
export interface Cost {
  readonly part: 'aggregator' | 'raw-writer' | 'upsert-writer';
  readonly bytes: number;
  readonly records: number;
  readonly cpuNs: number;
  /** On the results stream, and in the dead letters. */
  readonly resultsBytes: number;
  readonly lettersBytes: number;
  /** Increase after processing the input; 0 where it was not measured. */
  readonly heldBytes: number;
}

/**
 * The allowed cost of input, per byte and per record. The limits are several times the needs of the
 * costliest honest input, so that a busy machine causes no finding. Quadratic costs exceed them by
 * orders of magnitude.
 */
export const costBounds = {
  cpuNsPerByte: 600,
  /** For each row that a point is part of: it is made, encoded and put. */
  cpuNsPerByteAndRow: 600,
  cpuNsPerRecord: 200_000,
  cpuNsPerCase: 300_000_000,
  /** A point of 60 bytes may result in a thousand bytes of accumulator. */
  resultsBytesPerByteAndRow: 60,
  resultsBytesPerRecord: 4_096,
  /** Base64, and the description of a record. */
  lettersBytesPerByte: 4 / 3,
  lettersBytesPerRecord: 4_096,
  heldBytesPerByte: 60,
  heldBytesPerByteAndRow: 20,
  heldBytesPerCase: 32 * 1024 * 1024,
} as const;

/** How a cost stands to its bounds: over 1 is too much. */
export interface Ratios {
  readonly cpu: number;
  readonly results: number;
  readonly letters: number;
  readonly held: number;
}

/** @param rowsPerPointMax rows that one point is part of, at most */
export function ratiosOf(cost: Cost, rowsPerPointMax: number): Ratios {
  const { bytes, records, cpuNs, resultsBytes, lettersBytes, heldBytes } = cost;
  const b = costBounds;
  // The input of upsert-writer consists of rows.
  const rowBytes = bytes * (cost.part === 'upsert-writer' ? 1 : rowsPerPointMax);
  return {
    cpu:
      cpuNs /
      (bytes * b.cpuNsPerByte +
        rowBytes * b.cpuNsPerByteAndRow +
        records * b.cpuNsPerRecord +
        b.cpuNsPerCase),
    results:
      resultsBytes / (rowBytes * b.resultsBytesPerByteAndRow + records * b.resultsBytesPerRecord),
    letters: lettersBytes / (bytes * b.lettersBytesPerByte + records * b.lettersBytesPerRecord),
    held:
      heldBytes /
      (bytes * b.heldBytesPerByte + rowBytes * b.heldBytesPerByteAndRow + b.heldBytesPerCase),
  };
}
