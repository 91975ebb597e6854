import type { Progress, WindowPartial } from '@highwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partial, progress, UpsertHarness } from './harness.ts';

const view = { revision: 2 };

/** The partial of a source for a row under the raised revision. */
function raised(...args: Parameters<typeof partial>): WindowPartial {
  return { ...partial(...args), revision: 2 };
}

/** A marker of a source that computes revision 2 from `beginsAtMs` on. */
function begins(source: string, beginsAtMs: number | null, rest: Partial<Progress> = {}): Progress {
  const views = [{ view: 'v', revision: 2, beginsAtMs }];
  return progress(source, 0, { views, ...rest });
}

const told1 = { views: [{ view: 'v', revision: 1, beginsAtMs: null }] };

async function restart(
  before: readonly UpsertHarness[],
  options: ConstructorParameters<typeof UpsertHarness>[0] = {},
): Promise<UpsertHarness> {
  const store = before[0]?.store;
  const after = new UpsertHarness({ view, ...options, ...(store ? { store } : {}) });
  const states = before.map(({ processor }) => processor.snapshot().state);
  await after.processor.open({
    shard: { stream: 'results', shardId: 'results-0', parentShardIds: [] },
    ...(states.length === 1
      ? { ownSnapshot: states[0], parentSnapshots: [] }
      : { parentSnapshots: states }),
    peerShardIds: [],
  });
  return after;
}

async function heldRows(harness: UpsertHarness): Promise<number | undefined> {
  await harness.processor.tick(0);
  return (await harness.counter('upsert_writer_held_rows'))['results-0'];
}

const reasons = ({ letters }: UpsertHarness) => letters.map(({ reason }) => reason);

describe('a view whose revision was raised', () => {
  it('keeps the existing complete row when a source has started inside its window', async () => {
    const before = new UpsertHarness();
    await before.deliver(progress('s1', 0, told1), progress('s2', 0, told1));
    await before.deliver(partial('s1', 20), partial('s2', 20, { sum: 60 }));
    const after = await restart([before]);
    await after.deliver(begins('s2', null), raised('s2', 2), begins('s1', 7_000), raised('s2', 3));
    expect(after.rows()).toEqual({ 'a|10000': '2' });
    // Partials that were joined before this was known are also set aside, with the contributions of
    // their sources.
    expect(reasons(after)).toEqual(['view_began_later', 'view_began_later']);
    expect(after.letters[0]?.detail).toMatch(
      /revision 2 of view v only for windows from 1970-01-01T00:00:07.000Z/,
    );
    const payloads = after.letters.map(({ payload }) => new TextDecoder().decode(payload));
    expect(payloads.filter((text) => text.includes('"partials":[{"source":"s2"'))).toHaveLength(1);
    expect(payloads.filter((text) => text.includes('"kind":"partial"'))).toHaveLength(1);
    expect(await after.counter('upsert_writer_rows_forgotten_total')).toEqual({
      view_began_later: 1,
    });
  });

  it('writes a row once every source has started before its window, and not sooner', async () => {
    const harness = new UpsertHarness({ view });
    await harness.deliver(begins('s1', 7_000, { peers: ['s2'] }));
    await harness.deliver(raised('s1', 1, { startMs: 10_000 }));
    expect(harness.rows()).toEqual({});
    expect(await heldRows(harness)).toBe(1);
    await harness.deliver(begins('s2', 9_999));
    expect(harness.rows()).toEqual({ 'a|20000': '1' });
    expect(await heldRows(harness)).toBe(0);
    expect(harness.letters).toEqual([]);
  });

  it('does not wait for sources that have reported nothing, when no source has reported a start', async () => {
    const harness = new UpsertHarness({ view });
    await harness.deliver(begins('s1', null, { peers: ['s2'] }), progress('s3', null));
    await harness.deliver(raised('s1', 1));
    expect(harness.rows()).toEqual({ 'a|10000': '1' });
  });

  it('waits, from the first start under its revision, for sources that existed before', async () => {
    const before = new UpsertHarness();
    await before.deliver(progress('s1', null, told1), progress('s2', null, told1));
    const after = await restart([before]);
    // It has never had a point. Nothing is known about the other one yet.
    await after.deliver(begins('s1', null), raised('s1', 1));
    expect(after.rows()).toEqual({});
    await after.deliver(begins('s2', null));
    expect(after.rows()).toEqual({ 'a|10000': '1' });
  });

  it('delays no other view', async () => {
    const harness = new UpsertHarness({ view: { revision: 3 } });
    await harness.deliver(begins('s1', 7_000, { peers: ['s2'] }));
    await harness.deliver({ ...partial('s1', 1), revision: 3 });
    expect(harness.rows()).toEqual({ 'a|10000': '1' });
  });

  it('does not write rows by the clock that wait for a source', async () => {
    const harness = new UpsertHarness({ view });
    await harness.deliver(begins('s1', 7_000, { peers: ['s2'] }));
    await harness.deliver(raised('s1', 1, { startMs: 10_000, firing: 'shard_end' }));
    await harness.processor.tick(30_000);
    expect(harness.rows()).toEqual({});
    await harness.deliver(begins('s2', null));
    expect(harness.rows()).toEqual({ 'a|20000': '1' });
  });

  it('sets aside held rows that are dropped: by the limit, as settled, as an orphan', async () => {
    const harness = new UpsertHarness({ view, openRowsMax: 1 });
    await harness.deliver(begins('s1', 7_000, { peers: ['s2'] }));
    for (const startMs of [10_000, 20_000]) await harness.deliver(raised('s1', 1, { startMs }));
    expect(reasons(harness)).toEqual(['view_begin_unknown']);
    await harness.deliver(raised('s1', 2, { startMs: 10_000 }));
    expect(reasons(harness)).toEqual(['view_begin_unknown', 'view_begin_unknown']);
    await harness.deliver(progress('s1', 90_000), progress('s2', 90_000));
    expect(reasons(harness)).toHaveLength(3);
    expect(harness.rows()).toEqual({});
    expect(await heldRows(harness)).toBe(0);
  });

  it('sets aside held rows when it is raised again', async () => {
    const before = new UpsertHarness({ view });
    await before.deliver(begins('s1', 7_000, { peers: ['s2'] }));
    await before.deliver(raised('s1', 1, { startMs: 10_000 }));
    const after = await restart([before], { view: { revision: 3 } });
    expect(reasons(after)).toEqual(['unknown_view']);
  });

  it('continues to hold rows after a restart and after a reshard', async () => {
    const before = new UpsertHarness({ view });
    await before.deliver(begins('s1', 7_000, { peers: ['s2'] }));
    await before.deliver(raised('s1', 1, { startMs: 10_000 }));
    const after = await restart([before]);
    expect(await heldRows(after)).toBe(1);
    // The other parent of the merged shard has heard from the source that this one waits for.
    const other = new UpsertHarness({ view, store: before.store });
    await other.deliver(begins('s1', 7_000, { peers: ['s2'] }), begins('s2', 8_000));
    const merged = await restart([after, other]);
    expect(merged.rows()).toEqual({ 'a|20000': '1' });
    const late = new UpsertHarness({ view, store: before.store });
    await late.deliver(begins('s1', 7_000, { peers: ['s2'] }), begins('s2', 10_001));
    expect(reasons(await restart([after, late]))).toEqual(['view_began_later']);
  });

  it('fills gaps between rows that were held, and only those', async () => {
    const filling = { ...view, fill: { method: 'linear', maxGap: '30s' } };
    const harness = new UpsertHarness({ view: filling });
    await harness.deliver(begins('s1', 7_000, { peers: ['s2'] }));
    for (const startMs of [10_000, 30_000]) {
      await harness.deliver(raised('s1', 1, { startMs, sum: startMs / 10_000 }));
    }
    expect(harness.rows()).toEqual({});
    await harness.deliver(begins('s2', 9_000));
    expect(harness.rows()).toEqual({ 'a|20000': '1', 'a|30000': '2', 'a|40000': '3' });
  });

  it('reports once which sources it waits for', async () => {
    const lines: unknown[] = [];
    const note = (fields: unknown) => void lines.push(fields);
    const log = { debug: note, info: note, warn: note, error: note, trace: note };
    const harness = new UpsertHarness({ view, log });
    await harness.deliver(begins('s1', 7_000, { peers: ['s2'] }));
    await harness.deliver(raised('s1', 1, { startMs: 10_000 }));
    for (const nowMs of [0, 29_999]) await harness.processor.tick(nowMs);
    expect(lines).toEqual([]);
    for (const nowMs of [30_000, 31_000]) await harness.processor.tick(nowMs);
    expect(lines).toMatchObject([{ view: 'v', revision: 2, heldRowsCount: 1, sources: ['s2'] }]);
  });

  // Goal: however markers and partials of two sources interleave, and wherever the writer is
  // restarted, a row is written when it has started for both, and only then. Method: each source
  // sends its start before its partials, as in practice. They are merged in random order.
  it('ends with the rows that started for every source, whatever the order', async () => {
    const anyBegin = fc.option(fc.integer({ min: 1, max: 30_000 }));
    const linesOf = (source: string, beginsAtMs: number | null) => [
      begins(source, beginsAtMs, { peers: ['s1', 's2'] }),
      ...[0, 10_000, 20_000, 30_000]
        .filter((startMs) => startMs >= (beginsAtMs ?? 0))
        .map((startMs) => raised(source, 1, { startMs })),
    ];
    await fc.assert(
      fc.asyncProperty(
        anyBegin,
        anyBegin,
        fc.array(fc.boolean(), { minLength: 10, maxLength: 10 }),
        fc.nat(10),
        async (begin1, begin2, turns, cut) => {
          const before = new UpsertHarness();
          await before.deliver(progress('s1', null, told1), progress('s2', null, told1));
          let writer = await restart([before]);
          const queues = [linesOf('s1', begin1), linesOf('s2', begin2)];
          for (const [index, turn] of [...turns, ...turns.map((each) => !each)].entries()) {
            const line = queues[turn ? 0 : 1]?.shift();
            if (line) await writer.deliver(line);
            if (index === cut) writer = await restart([writer]);
          }
          const latestMs = Math.max(begin1 ?? 0, begin2 ?? 0);
          const whole = [0, 10_000, 20_000, 30_000].filter((startMs) => startMs >= latestMs);
          expect(Object.keys(writer.rows()).toSorted()).toEqual(
            whole.map((startMs) => `a|${startMs + 10_000}`),
          );
          expect(await heldRows(writer)).toBe(0);
        },
      ),
    );
  });
});
