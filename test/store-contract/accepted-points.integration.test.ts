import { decodeRecord, pointLimits, viewRowAdds, type Point, type Row } from '@highwater/model';
import { createLogger, loadConfig, systemClock, systemRandom } from '@highwater/service';
import { defineStoreMetrics } from '@highwater/store-kit';
import { openStore, storeConfig } from '@highwater/stores';
import { startTimestreamLocal } from '@highwater/timestream-local';
import { foldRow, parseViews, WindowOperator } from '@highwater/windowing';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';

const seed = 20_251_128;
const samplesCount = 400;
const nowMs = Date.now();

const views = parseViews({
  views: [
    { name: 'default', window: { tumbling: '5m' } },
    {
      name: 'filled',
      window: { tumbling: '1m' },
      fill: { method: 'constant', value: 0, maxGap: '5m' },
      // As much as a view may add to the name of a measure.
      output: {
        measure: `${'x'.repeat(viewRowAdds.measureNameBytesMax - 'avg_'.length)}{aggregate}_{measure}`,
      },
    },
  ],
});

/** Texts whose sizes in bytes and in characters differ, of one character only or mixed. */
const anyText = (lengthMax: number) =>
  fc
    .tuple(fc.constantFrom('a', 'é', '€', '𝄞', '"', ':', '\n', '\u2028'), fc.nat(lengthMax))
    .map(([character, length]) => character.repeat(length));

/** The maximum number in a table, minus the two that view rows add. */
const goodNames = [
  'n'.repeat(60),
  '€'.repeat(20),
  'time ',
  'Time2',
  ...Array.from({ length: pointLimits.dimensionsMax - 4 }, (_, index) => `d${index}`),
];

const anyName = fc.oneof(
  fc.constantFrom(...goodNames),
  fc.constantFrom('a:b', '"', 'ts_x', 'window_end', 'n'.repeat(61)),
);

const anyMembers = fc.oneof(
  fc.dictionary(anyName, anyText(8), { minKeys: 1, maxKeys: 8 }),
  fc.dictionary(anyName, anyText(700), { minKeys: 1, maxKeys: 3 }),
  // Right at the bound.
  fc.nat(12).map((less) => ({ d1: 'v'.repeat(pointLimits.seriesBytesMax - less - 2) })),
  fc
    .constantFrom(124, 125, 126, 127)
    .map((count) =>
      Object.fromEntries([...goodNames, 'surplus'].slice(0, count).map((name) => [name, 'v'])),
    ),
);

const anyRecord = fc
  .record({
    members: anyMembers,
    name: fc.oneof(anyText(10), anyText(pointLimits.measureNameBytesMax + 5), fc.constant('')),
    measured: fc.oneof(
      fc.tuple(fc.constant('DOUBLE'), fc.double({ noNaN: true }).map(String)),
      fc.tuple(fc.constant('BIGINT'), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }).map(String)),
      fc.tuple(fc.constant('BOOLEAN'), fc.constantFrom('true', 'FALSE')),
      fc.tuple(fc.constant('VARCHAR'), fc.oneof(anyText(20), anyText(2_040))),
    ),
  })
  .map(({ members, name, measured: [MeasureValueType, MeasureValue] }) => ({
    ...members,
    MeasureName: name,
    MeasureValueType,
    MeasureValue,
    Time: String(nowMs),
  }));

// Goal: every point that is accepted can be stored, as a raw row and as view rows, so that the two
// never disagree. Method: points around every limit. For accepted ones, the raw row and the rows of
// two views are written to timestream-local, which must reject none.
it('every accepted point can be stored, as a raw row and as view rows', async () => {
  await using server = await startTimestreamLocal();
  const config = loadConfig(storeConfig, {
    AWS_ENDPOINT_URL_TIMESTREAM_WRITE: server.endpoint,
  });
  const log = createLogger({ name: 'test', level: 'silent', clock: systemClock });
  const { signal } = new AbortController();
  const metrics = defineStoreMetrics(new Registry());
  await using store = await openStore(config, 'views', {
    clock: systemClock,
    log,
    metrics,
    random: systemRandom,
    signal,
  });

  const rows: Row[] = [];
  const reasons = new Set<string>();
  for (const [index, record] of fc.sample(anyRecord, { seed, numRuns: samplesCount }).entries()) {
    // A measure is of one type in a table, so each has a name of its own.
    const named = record.MeasureName === '' ? `${index}` : `${index}${record.MeasureName}`;
    const data = new TextEncoder().encode(JSON.stringify({ ...record, MeasureName: named }));
    for (const decoded of decodeRecord(data)) {
      if (decoded.ok) rows.push(rawRow(decoded.point), ...viewRows(decoded.point));
      else reasons.add(decoded.reason);
    }
  }
  expect(rows.length).toBeGreaterThan(samplesCount / 2);
  expect([...reasons]).toEqual(
    expect.arrayContaining([
      'dimension_invalid',
      'dimension_reserved',
      'dimensions_too_many',
      'series_too_large',
      'measure_name_invalid',
      'measure_value_invalid',
    ]),
  );
  const outcomes = await store.write(rows, signal);
  const refused = outcomes.flatMap((outcome, index) =>
    outcome.status === 'written' ? [] : [{ outcome, measureName: rows[index]?.measureName }],
  );
  expect(refused).toEqual([]);
});

function rawRow({ series, value, time, timeUnit }: Point): Row {
  return { ...series, measureValue: value, time, timeUnit, version: 1 };
}

function viewRows(point: Point): readonly Row[] {
  const operator = new WindowOperator({
    views,
    source: 's',
    outOfOrdernessMs: 0,
    maxFutureSkewMs: 900_000,
  });
  operator.add(point, { sequenceNumber: '1', arrivalTimeMs: nowMs });
  const partials = [...operator.fire('idle', Number.POSITIVE_INFINITY)];
  return partials.flatMap((partial) => {
    const view = views.find(({ name }) => name === partial.view);
    if (!view) throw new Error(`no view ${partial.view}`);
    const { series, startMs, endMs } = partial;
    return foldRow({ view, series, window: { startMs, endMs } }, [partial], 'complete').rows;
  });
}
