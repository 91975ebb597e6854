import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partial, progress, UpsertHarness } from './harness.ts';

describe('joining partials', () => {
  // Goal: the stored row does not depend on how partials arrive. Method: all partials that two
  // sources ever emit (their contributions grow), in any order, repeated, divided into any batches.
  // The row ends as the fold of the last partial of each.
  it('ends with the same row whatever the order, the repetitions, and the batches', async () => {
    const anyArrival = fc.array(
      fc.record({
        source: fc.constantFrom('s1', 's2'),
        contributions: fc.integer({ min: 1, max: 6 }),
      }),
      { maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(anyArrival, fc.array(fc.nat(20)), async (arrivals, ends) => {
        const harness = new UpsertHarness();
        const all = [
          ...arrivals,
          { source: 's1', contributions: 6 },
          { source: 's2', contributions: 6 },
        ];
        let batch: ReturnType<typeof partial>[] = [];
        for (const [index, { source, contributions }] of all.entries()) {
          // Source s1 measures 1 each time, s2 measures 3.
          const sum = contributions * (source === 's1' ? 1 : 3);
          batch.push(partial(source, contributions, { sum }));
          if (!ends.includes(index)) continue;
          await harness.deliver(...batch);
          batch = [];
        }
        await harness.deliver(...batch);
        expect(harness.rows()).toEqual({ 'a|10000': '2' });
        expect(harness.store.conflicts).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('does not write a row again whose version has not risen', async () => {
    const harness = new UpsertHarness();
    await harness.deliver(partial('s1', 3));
    await harness.deliver(partial('s1', 3), partial('s1', 2));
    expect(harness.writesCount).toBe(1);
    expect(await harness.counter('upsert_writer_partials_total')).toEqual({
      joined: 1,
      unchanged: 2,
    });
  });

  it('counts a first write as created and a later one as corrected', async () => {
    const harness = new UpsertHarness();
    await harness.deliver(partial('s1', 3));
    await harness.deliver(partial('s1', 4, { firing: 'late' }));
    expect(await harness.counter('upsert_writer_rows_total')).toEqual({ created: 1, corrected: 1 });
  });
});

describe('forgetting rows', () => {
  it('waits for every live source, including sources that were only named', async () => {
    const harness = new UpsertHarness();
    await harness.deliver(progress('s1', null, { peers: ['s2'] }), partial('s1', 1));
    await harness.deliver(progress('s1', 60_000));
    expect(await harness.counter('upsert_writer_rows_forgotten_total')).toEqual({});
    await harness.deliver(partial('s2', 1, { sum: 5 }));
    expect(harness.rows()).toEqual({ 'a|10000': '3' });
    await harness.deliver(progress('s2', 14_999));
    expect(await harness.counter('upsert_writer_rows_forgotten_total')).toEqual({ settled: 1 });
  });

  it('keeps a row until its cleanup time is settled, to the millisecond', async () => {
    const harness = new UpsertHarness();
    await harness.deliver(partial('s1', 1), progress('s1', 14_998));
    expect(await harness.counter('upsert_writer_rows_forgotten_total')).toEqual({});
    await harness.deliver(progress('s1', 14_999));
    expect(await harness.counter('upsert_writer_rows_forgotten_total')).toEqual({ settled: 1 });
  });

  it('lets the children of an ended source take its place', async () => {
    const harness = new UpsertHarness();
    await harness.deliver(progress('s1', 1_000, { isEnded: true, children: ['s2'] }));
    await harness.deliver(partial('s1', 1), progress('s3', 60_000));
    expect(await harness.counter('upsert_writer_rows_forgotten_total')).toEqual({});
    await harness.deliver(progress('s2', 60_000));
    expect(await harness.counter('upsert_writer_rows_forgotten_total')).toEqual({ settled: 1 });
  });

  it('never lets a partial for a forgotten row replace the stored row with a worse one', async () => {
    const harness = new UpsertHarness();
    await harness.deliver(partial('s1', 2), partial('s2', 2, { sum: 6 }), progress('s1', 60_000));
    await harness.deliver(progress('s2', 60_000));
    expect(harness.rows()).toEqual({ 'a|10000': '2' });
    // More points than the stored row has, but still only a part of it.
    await harness.deliver(partial('s1', 100));
    expect(harness.rows()).toEqual({ 'a|10000': '2' });
    expect(harness.letters).toMatchObject([{ reason: 'row_forgotten', stage: 'upsert-writer' }]);
  });

  it('lets a partial for a forgotten window fill a gap in the store', async () => {
    const harness = new UpsertHarness();
    await harness.deliver(progress('s1', 60_000));
    await harness.deliver(partial('s1', 3, { sum: 6 }));
    expect(harness.rows()).toEqual({ 'a|10000': '2' });
    expect(harness.letters).toEqual([]);
  });

  it('forgets the oldest windows beyond its limit, and counts them', async () => {
    const harness = new UpsertHarness({ openRowsMax: 2 });
    for (const startMs of [0, 10_000, 20_000]) await harness.deliver(partial('s1', 1, { startMs }));
    expect(await harness.counter('upsert_writer_rows_forgotten_total')).toEqual({ bound: 1 });
    await harness.deliver(partial('s2', 9, { startMs: 0, sum: 90 }));
    expect(harness.rows()['a|10000']).toBe('1');
  });
});

describe('the end of a source shard', () => {
  it('holds back a partial window until its end has passed', async () => {
    const harness = new UpsertHarness();
    await harness.deliver(partial('s1', 1, { firing: 'shard_end' }));
    await harness.processor.tick(9_999);
    expect(harness.rows()).toEqual({});
    await harness.processor.tick(10_000);
    expect(harness.rows()).toEqual({ 'a|10000': '1' });
  });

  it('shows the partial window with the next firing of the row', async () => {
    const harness = new UpsertHarness();
    await harness.deliver(partial('s1', 1, { firing: 'shard_end' }));
    await harness.deliver(partial('s2', 1, { sum: 3 }));
    expect(harness.rows()).toEqual({ 'a|10000': '2' });
  });

  it('writes held-back rows before they are forgotten', async () => {
    const harness = new UpsertHarness();
    await harness.deliver(partial('s1', 1, { firing: 'shard_end' }), progress('s1', 60_000));
    expect(harness.rows()).toEqual({ 'a|10000': '1' });
  });
});

describe('snapshots', () => {
  // Goal: a restart changes nothing. Method: deliver some lines, restore another processor from the
  // snapshot, and deliver the rest. The store ends as without the restart.
  it.each([
    ['without gaps filled', {}],
    ['with gaps filled', { fill: { method: 'linear', maxGap: '10s' } }],
  ])('continue as if nothing had happened, %s', async (_, view) => {
    const anyLine = fc.oneof(
      fc.record({
        source: fc.constantFrom('s1', 's2'),
        contributions: fc.integer({ min: 1, max: 5 }),
        startMs: fc.constantFrom(0, 10_000, 20_000),
        firing: fc.constantFrom('on_time' as const, 'late' as const, 'shard_end' as const),
      }),
      fc.record({
        source: fc.constantFrom('s1', 's2'),
        settledMs: fc.integer({ min: 0, max: 50_000 }),
      }),
    );
    const lineOf = (drawn: typeof anyLine extends fc.Arbitrary<infer Line> ? Line : never) =>
      'settledMs' in drawn
        ? progress(drawn.source, drawn.settledMs)
        : partial(drawn.source, drawn.contributions, drawn);
    await fc.assert(
      fc.asyncProperty(fc.array(anyLine, { maxLength: 20 }), fc.nat(20), async (lines, cut) => {
        const straight = new UpsertHarness({ view });
        const before = new UpsertHarness({ view });
        let current = before;
        for (const [index, line] of lines.entries()) {
          await straight.deliver(lineOf(line));
          await current.deliver(lineOf(line));
          if (index !== cut) continue;
          const { state } = current.processor.snapshot();
          current = new UpsertHarness({ store: before.store, view });
          const shard = { stream: 'results', shardId: 'results-0', parentShardIds: [] };
          const start = { shard, parentSnapshots: [], peerShardIds: [] };
          await current.processor.open({ ...start, ownSnapshot: state });
        }
        await straight.processor.tick(1e9);
        await current.processor.tick(1e9);
        expect(before.rows()).toEqual(straight.rows());
        expect(current.processor.snapshot()).toEqual(straight.processor.snapshot());
      }),
    );
  });
});

describe('a view that has changed', () => {
  const start = {
    shard: { stream: 'results', shardId: 'results-0', parentShardIds: [] },
    parentSnapshots: [],
    peerShardIds: [],
  };

  async function restart(view: object): Promise<UpsertHarness> {
    const before = new UpsertHarness();
    await before.deliver(partial('s1', 1));
    const { state } = before.processor.snapshot();
    const after = new UpsertHarness({ store: before.store, view });
    await after.processor.open({ ...start, ownSnapshot: state });
    return after;
  }

  it('is rejected under the same revision, with both definitions', async () => {
    await expect(restart({ duplicates: 'ignore' })).rejects.toThrow(
      /view v revision 1: its definition has changed, but its revision has not\n {2}it was .*"count".*\n {2}it is .*"ignore"/,
    );
  });

  it('may change when rows are written', async () => {
    await expect(restart({ early: '1s', late: { coalesce: '1s' } })).resolves.toBeDefined();
  });

  it('replaces the rows that it has written before, under a higher revision', async () => {
    const after = await restart({ revision: 2, duplicates: 'ignore' });
    await after.deliver({ ...partial('s1', 1), revision: 2, accumulator: [4, 0, 7, 0, 0] });
    expect(after.rows()).toEqual({ 'a|10000': '7' });
  });
});

describe('a view that fills gaps', () => {
  const view = { fill: { method: 'linear', maxGap: '30s' } };
  const far = { startMs: 30_000, sum: 4 };

  it('fills them from rows that were forgotten, even after a reshard', async () => {
    const parent = new UpsertHarness({ view });
    await parent.deliver(partial('s1', 1), progress('s1', 15_000));
    expect(await parent.counter('upsert_writer_rows_forgotten_total')).toEqual({ settled: 1 });
    const child = new UpsertHarness({ store: parent.store, view });
    await child.processor.open({
      shard: { stream: 'results', shardId: 'results-1', parentShardIds: ['results-0'] },
      parentSnapshots: [parent.processor.snapshot().state],
      peerShardIds: [],
    });
    await child.deliver(partial('s1', 1, far));
    expect(child.rows()).toEqual({
      'a|10000': '1',
      'a|20000': '2',
      'a|30000': '3',
      'a|40000': '4',
    });
    expect(await child.counter('upsert_writer_filled_rows_total')).toEqual({ written: 2 });
  });

  it('fills every gap of a batch in which its neighbors are forgotten', async () => {
    const harness = new UpsertHarness({ view });
    await harness.deliver(
      ...[0, 20_000, 40_000].map((startMs) => partial('s1', 1, { startMs, sum: startMs / 10_000 })),
      progress('s1', 60_000),
    );
    expect(harness.rows()).toMatchObject({ 'a|20000': '1', 'a|40000': '3' });
  });

  it('never replaces a row with points by a filled one', async () => {
    const harness = new UpsertHarness({ view });
    await harness.deliver(partial('s1', 1, { startMs: 10_000, sum: 9 }));
    await harness.deliver(partial('s1', 100, { sum: 100 }), partial('s1', 100, far));
    expect(harness.rows()['a|20000']).toBe('9');
    expect(harness.store.conflicts).toEqual([]);
  });

  it('keeps no more series than its limit, and counts dropped ones', async () => {
    const harness = new UpsertHarness({ view, fillAnchorsMax: 1 });
    const rows = ['a', 'b'].map((series) => partial('s1', 1, { series }));
    await harness.deliver(...rows, progress('s1', 15_000));
    const letGo = await harness.counter('upsert_writer_fill_anchors_forgotten_total');
    expect(letGo).toEqual({ expired: 0, bound: 1 });
  });
});

describe('bad input', () => {
  it.each([
    ['not_json', '{"kind":'],
    ['not_a_result', '{"kind":"partial"}'],
    [
      'unknown_view',
      JSON.stringify({ kind: 'partial', partial: { ...partial('s1', 1), view: 'w' } }),
    ],
    [
      'unknown_view',
      JSON.stringify({ kind: 'partial', partial: { ...partial('s1', 1), revision: 2 } }),
    ],
    [
      'not_a_result',
      JSON.stringify({ kind: 'partial', partial: { ...partial('s1', 1), accumulator: [] } }),
    ],
  ])('sets aside %s with its bytes and continues', async (reason, line) => {
    const harness = new UpsertHarness();
    await harness.deliver(line, partial('s1', 1));
    expect(harness.letters).toMatchObject([{ reason, sequenceNumber: '1' }]);
    const payload = new TextDecoder().decode(harness.letters[0]?.payload);
    expect(payload).toBe(line);
    expect(harness.rows()).toEqual({ 'a|10000': '1' });
    const outcomes = await harness.counter('upsert_writer_partials_total');
    expect(outcomes).toEqual({ dead_lettered: 1, joined: 1 });
  });

  it('sets aside a row whose sum left the range of doubles', async () => {
    const harness = new UpsertHarness();
    await harness.deliver(
      partial('s1', 1, { sum: Number.POSITIVE_INFINITY }),
      partial('s1', 1, { series: 'b' }),
    );
    expect(harness.letters).toMatchObject([{ reason: 'not_finite' }]);
    expect(harness.rows()).toEqual({ 'b|10000': '1' });
  });
});
