import type { Row, Store, StoredRow } from '@highwater/model';
import { SeededRandom } from '@highwater/testkit';
import { expect } from 'vitest';
import { rowText } from './reader-contract.ts';

/** An engine, and what can happen to it. */
export interface TroubledEngine {
  /** Opens the table `raw` as another process would. */
  readonly open: () => Promise<Store>;
  /** Every row of the table, as a reader that was just opened sees it. */
  readonly read: () => Promise<readonly StoredRow[]>;
  /** Ends the engine and starts it again with the same files. Absent for rows in our own memory. */
  readonly restart?: (ending: Ending) => Promise<void>;
  /** Makes the network lose some replies to the calls that follow, if it does not always do so. */
  readonly loseReplies?: () => void;
}

/** In its own time, or as it happens. */
export type Ending = 'stop' | 'crash';

/** What a run of `expectConvergence` consisted of. */
export interface Convergence {
  /** Generated versions of rows. Each of them was written at least twice. */
  readonly casesCount: number;
  readonly rowsWrittenCount: number;
  readonly callsCount: number;
  readonly restartsCount: number;
}

const identitiesCount = 2_500;
const versionsPerIdentity = 4;
const writersCount = 4;
const callsCount = 26;
const minuteMs = 60_000;
const { signal } = new AbortController();

/**
 * Writes random versions of random rows by several writers, and expects that a reader sees the highest
 * version of each row. Each version is written twice or more: in one call and in different ones. One
 * writer alone and all of them at the same time take turns; the engine is restarted after the call of
 * the one, and during those of the others. All rows are read after each turn.
 */
export async function expectConvergence(
  { open, read, restart, loseReplies }: TroubledEngine,
  seed: string,
): Promise<Convergence> {
  const random = new SeededRandom(seed);
  const startMs = Math.floor(Date.now() / minuteMs) * minuteMs - 60 * minuteMs;
  const cases = Array.from({ length: identitiesCount }, (_, index) =>
    anyVersions(random, index, startMs),
  ).flat();
  const calls = anyCalls(random, cases);
  const stores = await Promise.all(Array.from({ length: writersCount }, open));
  const model = new Map<string, Row>();
  let restartsCount = 0;
  let isAlone = true;
  for (let next = 0; next < calls.length; isAlone = !isAlone) {
    const together = calls.slice(next, next + (isAlone ? 1 : writersCount));
    next += together.length;
    loseReplies?.();
    const writing = together.map((rows, index) => writeAll(stores[index] as Store, rows));
    if (isAlone) await Promise.all(writing);
    if (restart) {
      await restart(random.pick(['stop', 'crash']));
      restartsCount += 1;
    }
    await Promise.all(writing);
    for (const row of together.flat()) keepHighest(model, row);
    const found = await read();
    const hasVersions = found.every(({ version }) => version !== undefined);
    const textsOf = (rows: readonly StoredRow[]) =>
      rows.map((row) => rowText(row, hasVersions)).toSorted();
    expect(textsOf(found)).toEqual(textsOf([...model.values()]));
  }
  expect(model.size).toBe(identitiesCount);
  return {
    casesCount: cases.length,
    rowsWrittenCount: calls.flat().length,
    callsCount: calls.length,
    restartsCount,
  };
}

async function writeAll(store: Store, rows: readonly Row[]): Promise<void> {
  for (const outcome of await store.write(rows, signal)) {
    expect(['written', 'already_newer']).toContain(outcome.status);
  }
}

function keepHighest(model: Map<string, Row>, row: Row): void {
  const identity = JSON.stringify([row.measureName, row.dimensions, row.time]);
  const known = model.get(identity);
  if (known === undefined || row.version > known.version) model.set(identity, row);
}

/** Each case in two of the calls, some of them twice in one. */
function anyCalls(random: SeededRandom, cases: readonly Row[]): readonly (readonly Row[])[] {
  const calls = Array.from({ length: callsCount }, () => [] as Row[]);
  for (const row of cases) {
    for (let copy = 0; copy < 2; copy++) {
      const call = random.pick(calls);
      call.push(row);
      if (random.chance(0.1)) call.push(row);
    }
  }
  return calls.map((rows) => random.shuffle(rows));
}

const kinds = [
  { measureName: 'cpu', measureValueType: 'DOUBLE', valueOf: (n: number) => String(n / 7) },
  { measureName: 'tasks', measureValueType: 'BIGINT', valueOf: (n: number) => `-922337203685${n}` },
  { measureName: 'state', measureValueType: 'VARCHAR', valueOf: (n: number) => `"\\ ß ${n}` },
  { measureName: 'is_up', measureValueType: 'BOOLEAN', valueOf: (n: number) => String(n % 2 > 0) },
  { measureName: 'filled', measureValueType: 'DOUBLE', valueOf: (n: number) => String(n * 1e9) },
] as const;

/** Rows of one identity. The value follows from the version, as it does for rows of a stream. */
function anyVersions(random: SeededRandom, index: number, startMs: number): readonly Row[] {
  const { valueOf, ...kind } = random.pick(kinds);
  const time = `${startMs + Math.floor(index / 50) * minuteMs}${random.pick(['000000', '000001'])}`;
  const dimensions = [
    { name: 'host', value: `host-${index % 50}` },
    { name: 'region', value: `r${index % 3}` },
  ];
  const versions = new Set<number>();
  while (versions.size < versionsPerIdentity) versions.add(random.int(1, 1_000_000));
  return [...versions].map((version) => ({
    ...kind,
    measureValue: valueOf(version),
    dimensions,
    time,
    timeUnit: 'NANOSECONDS',
    version,
    ...(kind.measureName === 'filled' && {
      attributes: [
        { name: 'interpolated', type: 'VARCHAR', value: version % 2 > 0 ? 'linear' : 'none' },
      ],
    }),
  }));
}
