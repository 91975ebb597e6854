import { join } from 'node:path';
import { ratiosOf, type Cost, type Ratios } from './costs.ts';
import { fuzzCase } from './fuzz-case.ts';

/** The result of a seed. */
export interface SeedReport {
  readonly seed: string;
  readonly views: string;
  readonly recordsCount: number;
  readonly unpackedCount: number;
  readonly bytes: number;
  readonly cpuNs: number;
  /** Of each part the least of what it was measured to take. */
  readonly parts: readonly { readonly cost: Cost; readonly ratios: Ratios }[];
  readonly finds: readonly string[];
}

/** Apparent excess costs are measured this many times, so that a busy machine causes no finding. */
const trialsMax = 3;

/** Runs the case of a seed, once more as long as it costs more than its bounds. */
export async function fuzzSeed(
  seed: string,
  directory: string,
  collect?: () => void,
): Promise<SeedReport> {
  const report = await fuzzCase(seed, join(directory, '0'), collect);
  const { rowsPerPointMax } = report.views;
  const rated = (costs: readonly Cost[]) =>
    costs.map((cost) => ({ cost, ratios: ratiosOf(cost, rowsPerPointMax) }));
  let parts = rated(report.costs);
  for (let trial = 1; trial < trialsMax && parts.some(isOver); trial++) {
    const again = rated((await fuzzCase(seed, join(directory, String(trial)), collect)).costs);
    parts = parts.map((part, index) => {
      const other = again[index];
      return other && most(other.ratios) < most(part.ratios) ? other : part;
    });
  }
  const costly = parts.filter(isOver).map(({ cost, ratios }) => {
    return `${cost.part} costs too much: ${JSON.stringify({ ratios, cost })}`;
  });
  const { recordsCount, unpackedCount, bytes, broken } = report;
  return {
    seed,
    views: report.views.name,
    recordsCount,
    unpackedCount,
    bytes,
    cpuNs: report.costs.reduce((sum, { cpuNs }) => sum + cpuNs, 0),
    parts,
    finds: [...new Set(broken), ...costly],
  };
}

function isOver({ ratios }: { readonly ratios: Ratios }): boolean {
  return most(ratios) > 1;
}

function most({ cpu, results, letters, held }: Ratios): number {
  return Math.max(cpu, results, letters, held);
}
