import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogStorage, RecordRun } from '../src/log-storage.ts';
import { MemoryBudget } from '../src/memory-budget.ts';
import { RecordLog } from '../src/record-log.ts';

/** A storage in memory whose writes end when the test decides. */
class SlowStorage implements LogStorage {
  bytes = Buffer.alloc(0);
  trimmedOffset = 0;
  readsCount = 0;
  readonly #waiting: (() => void)[] = [];

  async append(pieces: readonly Uint8Array[]): Promise<void> {
    const written = Buffer.concat(pieces);
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.bytes = Buffer.concat([this.bytes, written]);
  }

  async read({ offset, length }: RecordRun): Promise<Buffer> {
    this.readsCount += 1;
    await Promise.resolve();
    return Buffer.from(this.bytes.subarray(offset, offset + length));
  }

  trim(offset: number): void {
    this.trimmedOffset = offset;
  }

  remove(): void {
    this.bytes = Buffer.alloc(0);
  }

  /** Ends the writes in progress, and the writes that follow from them. */
  async finish(): Promise<void> {
    while (this.#waiting.length > 0) {
      for (const end of this.#waiting.splice(0)) end();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

/** A storage in memory that may be full. */
class RefusingStorage extends SlowStorage {
  isFull = false;

  override async append(pieces: readonly Uint8Array[]): Promise<void> {
    await Promise.resolve();
    if (this.isFull) throw new Error('full');
    this.bytes = Buffer.concat([this.bytes, ...pieces]);
  }
}

const recordOf = (text: string, arrivalMs: number) => ({
  arrivalMs,
  partitionKey: `key of ${text}`,
  data: Buffer.from(text),
});
const limits = { recordsMax: 1000, bytesMax: 2 ** 20 };
const textsOf = (log: RecordLog, from = 1) =>
  log.read(from, limits).records.map(({ data }) => data.toString());

describe('RecordLog', () => {
  // Goal: the log equals the list of appended records without the trimmed ones. Method: any
  // sequence of calls, compared with a plain array.
  it('returns every record that was appended and not trimmed, in order', () => {
    const anyStep = fc.oneof(
      fc.record({ type: fc.constant('append' as const), bytes: fc.nat(40_000) }),
      fc.record({ type: fc.constant('trim' as const), bytes: fc.nat(20) }),
    );
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60 }), fc.nat(60), (steps, from) => {
        const log = new RecordLog({ budget: new MemoryBudget(2 ** 30) });
        let model: { index: number; arrivalMs: number; size: number }[] = [];
        let nowMs = 0;
        for (const { type, bytes } of steps) {
          nowMs += 1;
          if (type === 'trim') {
            log.trim(nowMs - bytes);
            model = model.filter(({ arrivalMs }) => arrivalMs >= nowMs - bytes);
            continue;
          }
          const data = Buffer.alloc(bytes, nowMs % 256);
          const index = log.append({ arrivalMs: nowMs, partitionKey: `${nowMs}`, data });
          model.push({ index: index ?? 0, arrivalMs: nowMs, size: bytes });
        }
        const read = log.read(from, { recordsMax: 1000, bytesMax: 2 ** 30 });
        const expected = model.filter(({ index }) => index >= from);
        expect(
          read.records.map(({ index, arrivalMs, data }) => ({
            index,
            arrivalMs,
            size: data.length,
          })),
        ).toEqual(expected);
        for (const { arrivalMs, data, partitionKey } of read.records) {
          expect(data.every((byte) => byte === arrivalMs % 256)).toBe(true);
          expect(partitionKey).toBe(`${arrivalMs}`);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('stops before the byte limit, but returns at least one record', () => {
    const log = new RecordLog({ budget: new MemoryBudget(2 ** 30) });
    for (let i = 0; i < 5; i += 1) {
      log.append({ arrivalMs: 0, partitionKey: 'k', data: Buffer.alloc(99) });
    }
    expect(log.read(1, { recordsMax: 10, bytesMax: 250 }).nextIndex).toBe(3);
    expect(log.read(1, { recordsMax: 10, bytesMax: 10 }).nextIndex).toBe(2);
    expect(log.read(1, { recordsMax: 1, bytesMax: 1000 }).nextIndex).toBe(2);
  });

  it('rejects a record when there is no memory for it, and accepts it when there is again', () => {
    const log = new RecordLog({ budget: new MemoryBudget(64 * 1024) });
    const data = Buffer.alloc(10_000);
    let nowMs = 0;
    while (log.append({ arrivalMs: nowMs, partitionKey: 'k', data }) !== undefined) nowMs += 1;
    expect(nowMs).toBeGreaterThan(2);
    log.trim(Infinity);
    expect(log.append({ arrivalMs: nowMs, partitionKey: 'k', data })).toBe(nowMs + 1);
  });

  it('shows a record only when it is durable', async () => {
    const storage = new SlowStorage();
    const log = new RecordLog({ budget: new MemoryBudget(2 ** 30), storage });
    log.append(recordOf('a', 1));
    const first = log.commit();
    log.append(recordOf('b', 2));
    const second = log.commit();
    expect(textsOf(log)).toEqual([]);
    expect(log.visibleEnd).toBe(1);
    await storage.finish();
    await Promise.all([first, second]);
    expect(textsOf(log)).toEqual(['a', 'b']);
  });

  it('reads records that were evicted from memory from its storage', async () => {
    const storage = new SlowStorage();
    const budget = new MemoryBudget(2.5 * 2 ** 20);
    const log = new RecordLog({ budget, storage });
    const data = Buffer.alloc(100_000);
    for (let i = 0; i < 50; i += 1) {
      data.writeUInt32BE(i, 0);
      expect(log.append({ arrivalMs: i, partitionKey: 'k', data })).toBe(i + 1);
      const committed = log.commit();
      await storage.finish();
      await committed;
    }
    expect(budget.heldBytes).toBeLessThanOrEqual(budget.bytesMax);
    const seen: number[] = [];
    for (let index = 1; index <= 50;) {
      await log.load(index);
      const { records, nextIndex } = log.read(index, limits);
      expect(records.length).toBeGreaterThan(0);
      seen.push(...records.map((record) => record.data.readUInt32BE(0)));
      index = nextIndex;
    }
    expect(seen).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(storage.readsCount).toBeGreaterThan(2);
    expect(budget.heldBytes).toBeLessThanOrEqual(budget.bytesMax);
    expect(await log.findTime(40)).toBe(41);
  });

  // Goal: records that could not be stored are dropped, and the next ones take their indexes.
  // Method: appends, some of which fail, compared with a plain array.
  it('drops records that its storage rejected, and continues', async () => {
    const anyPut = fc.record({
      sizes: fc.array(fc.nat(30_000), { minLength: 1, maxLength: 4 }),
      isTaken: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(anyPut, { maxLength: 20 }), async (puts) => {
        const storage = new RefusingStorage();
        const budget = new MemoryBudget(2 ** 30);
        const log = new RecordLog({ budget, storage });
        const kept: string[] = [];
        for (const [i, { sizes, isTaken }] of puts.entries()) {
          const texts = sizes.map((size, j) => `${i}-${j}`.padEnd(size, '.'));
          storage.isFull = !isTaken;
          const indexes = texts.map((text) => log.append(recordOf(text, i)));
          expect(indexes).toEqual(texts.map((_, j) => kept.length + 1 + j));
          if (isTaken) {
            await log.commit();
            kept.push(...texts);
          } else await expect(log.commit()).rejects.toThrow('full');
          expect(log.endIndex).toBe(kept.length + 1);
          expect(textsOf(log)).toEqual(kept);
        }
        const all = { firstIndex: 1, offset: 0, length: storage.bytes.length };
        expect(log.keptBytes).toBe((await storage.read(all)).length);
        log.remove();
        expect(budget.heldBytes).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  // Goal: after dropped records, readers continue at the next existing one. Method: a log with gaps
  // at its start, in its middle, and at its end, read from every index.
  it('skips records that were dropped', async () => {
    const storage = new RefusingStorage();
    const written = new RecordLog({ budget: new MemoryBudget(2 ** 30), storage });
    for (const [i, text] of ['a', 'b', 'c', 'd'].entries()) written.append(recordOf(text, i));
    await written.commit();
    const usedBytes = storage.bytes.length / 4;
    const place = (index: number) => ({
      firstIndex: index,
      recordsCount: 1,
      fileOffset: (index - 1) * usedBytes,
      usedBytes,
      oldestArrivalMs: index - 1,
      newestArrivalMs: index - 1,
    });
    const restored = { places: [place(2), place(4)], nextIndex: 7 };
    const log = new RecordLog({ budget: new MemoryBudget(2 ** 30), storage, restored });
    const readFrom = async (start: number) => {
      const texts: string[] = [];
      for (let index = start; index < log.visibleEnd;) {
        await log.load(Math.max(index, log.firstIndex));
        const { records, nextIndex } = log.read(index, limits);
        texts.push(...records.map(({ data }) => data.toString()));
        if (nextIndex < log.visibleEnd) expect(log.arrivalMs(nextIndex)).toBeDefined();
        expect(nextIndex).toBeGreaterThan(index);
        index = nextIndex;
      }
      return texts.join('');
    };
    const all = async () => Promise.all([1, 2, 3, 4, 5, 6].map(readFrom));
    expect(await all()).toEqual(['bd', 'bd', 'd', 'd', '', '']);
    expect(log.append(recordOf('e', 9))).toBe(7);
    await log.commit();
    expect(await all()).toEqual(['bde', 'bde', 'de', 'de', 'e', 'e']);
  });

  it('declares the part of its storage that is no longer needed', async () => {
    const storage = new SlowStorage();
    const log = new RecordLog({ budget: new MemoryBudget(2 ** 30), storage });
    log.append(recordOf('old', 1));
    const committed = log.commit();
    await storage.finish();
    await committed;
    log.trim(2);
    expect(storage.trimmedOffset).toBe(storage.bytes.length);
    log.append(recordOf('new', 3));
    expect(log.firstIndex).toBe(2);
  });

  it('does not drop a record that is not durable yet', () => {
    const log = new RecordLog({ budget: new MemoryBudget(2 ** 30), storage: new SlowStorage() });
    log.append(recordOf('a', 1));
    log.trim(1000);
    expect(log.endIndex - log.firstIndex).toBe(1);
  });
});
