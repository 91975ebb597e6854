import fc from 'fast-check';

/** A WriteRecords request as sent, without the names; a version may be a bigint. */
export interface WireRequest {
  readonly CommonAttributes?: WireFields;
  readonly Records: readonly WireFields[];
}

export interface WireFields {
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
  readonly MeasureName?: string;
  readonly MeasureValue?: string;
  readonly MeasureValueType?: string;
  readonly MeasureValues?: readonly {
    readonly Name: string;
    readonly Value: string;
    readonly Type: string;
  }[];
  readonly Time?: string;
  readonly TimeUnit?: string;
  readonly Version?: number | bigint;
}

/** Requests that are sent together, some steps of the clock after the previous ones. */
export interface RequestBatch {
  readonly clockSteps: number;
  readonly requests: readonly { readonly table: 'short' | 'long'; readonly wire: WireRequest }[];
}

/** Both the clock and the times of records move by this step, so that they meet at every limit. */
export const stepNs = 300_000_000_000n;

/** The start of the clock and of the records' times, in nanoseconds. */
export const originNs = BigInt(Date.UTC(2024, 2, 10, 12)) * 1_000_000n;

/** Two values may share their spelling or their meaning, so both are drawn. */
const singles: Readonly<Record<string, readonly string[]>> = {
  DOUBLE: ['1.5', '1.50', '+15e-1', '-2', '0.1', '1e308'],
  BIGINT: ['7', '+7', '007', '-9223372036854775808', '9223372036854775807'],
  VARCHAR: ['a', 'b', 'A', 'ä', ' a'],
  BOOLEAN: ['true', 'TRUE', 'false'],
};

const anySingle = fc.constantFrom(...Object.keys(singles)).chain((MeasureValueType) =>
  fc.constantFrom(...(singles[MeasureValueType] ?? [])).map((MeasureValue) => ({
    MeasureName: `measure_${MeasureValueType}`,
    MeasureValueType,
    MeasureValue,
  })),
);

const anyAttribute = fc.constantFrom(
  { Name: 'x', Value: '1.5', Type: 'DOUBLE' },
  { Name: 'x', Value: '1.50', Type: 'DOUBLE' },
  { Name: 'x', Value: '2', Type: 'DOUBLE' },
  { Name: 'y', Value: '1', Type: 'BIGINT' },
  { Name: 'text', Value: '1', Type: 'VARCHAR' },
  { Name: 'text', Value: '2', Type: 'VARCHAR' },
  { Name: 'at', Value: '1', Type: 'TIMESTAMP' },
);

const anyMulti = fc
  .uniqueArray(anyAttribute, { minLength: 1, maxLength: 4, selector: ({ Name }) => Name })
  .map((MeasureValues) => ({
    MeasureName: 'measure_MULTI',
    MeasureValueType: 'MULTI',
    MeasureValues,
  }));

/** A measure name whose first record decides its type. */
const anyClash = fc.record({
  MeasureName: fc.constant('either'),
  MeasureValueType: fc.constantFrom('DOUBLE', 'BIGINT'),
  MeasureValue: fc.constant('3'),
});

const unitsNs = {
  SECONDS: 1_000_000_000n,
  MILLISECONDS: 1_000_000n,
  MICROSECONDS: 1000n,
  NANOSECONDS: 1n,
} as const;

/** Around now and around both ends of the retention, in steps from the origin. */
const anyStep = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: -5, max: 4 }) },
  fc.integer({ min: -77, max: -70 }),
  fc.integer({ min: -365, max: -360 }),
);

const anyTime = fc
  .tuple(
    anyStep,
    fc.constantFrom(0n, 0n, 0n, 0n, 1n, -1n),
    fc.constantFrom(...Object.keys(unitsNs)),
  )
  .map(([step, extraNs, name]) => {
    const TimeUnit = extraNs === 0n ? (name as keyof typeof unitsNs) : 'NANOSECONDS';
    const timeNs = originNs + BigInt(step) * stepNs + extraNs;
    return { Time: String(timeNs / unitsNs[TimeUnit]), TimeUnit };
  });

const anyVersion = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 4 }) },
  fc
    .constantFrom(2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 53n + 2n, 2n ** 63n - 1n)
    .map((version) => version),
);

const anyDimensions = fc
  .tuple(
    fc.constantFrom('h1', 'h2'),
    fc.option(fc.constantFrom('east', 'west'), { nil: undefined }),
    fc.boolean(),
  )
  .map(([host, zone, isReversed]) => {
    const all: { Name: string; Value: string }[] = [{ Name: 'host', Value: host }];
    if (zone !== undefined) all.push({ Name: 'zone', Value: zone });
    return isReversed ? all.toReversed() : all;
  });

const anyRecord = fc
  .record({
    measure: fc.oneof(
      { weight: 5, arbitrary: anySingle },
      { weight: 2, arbitrary: anyMulti },
      { weight: 1, arbitrary: anyClash },
    ),
    time: anyTime,
    Dimensions: anyDimensions,
    Version: fc.option(anyVersion, { nil: undefined }),
  })
  .map(({ measure, time, Dimensions, Version }): WireFields => ({
    Dimensions,
    ...measure,
    ...time,
    ...(Version === undefined ? {} : { Version }),
  }));

/** Which common attributes there are, and which records omit them. */
const anySharing = fc.record({
  common: anyRecord,
  hasTime: fc.boolean(),
  hasVersion: fc.boolean(),
  hasZone: fc.boolean(),
  leaves: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
});

/** One reason for the service to reject a whole request. */
const anyMistake: fc.Arbitrary<(record: WireFields) => WireFields> = fc.constantFrom(
  (record: WireFields) => ({ ...record, Version: 0 }),
  (record: WireFields) => ({ ...record, Dimensions: [] }),
  (record: WireFields) => ({ ...record, Time: '-1' }),
  (record: WireFields) => ({
    ...record,
    Dimensions: [...(record.Dimensions ?? []), ...(record.Dimensions ?? [])],
  }),
  (record: WireFields) => ({ ...record, MeasureValueType: 'DOUBLE', MeasureValue: 'NaN' }),
);

const anyRequest = fc
  .record({
    records: fc.array(anyRecord, { minLength: 1, maxLength: 6 }),
    sharing: fc.option(anySharing, { nil: undefined }),
    mistake: fc.oneof({ weight: 29, arbitrary: fc.constant(undefined) }, anyMistake),
  })
  .map(({ records, sharing, mistake }): WireRequest => {
    const shared = sharing ? share(records, sharing) : { Records: records };
    const [first, ...others] = shared.Records;
    return mistake && first ? { ...shared, Records: [...others, mistake(first)] } : shared;
  });

function share(
  records: readonly WireFields[],
  { common, hasTime, hasVersion, hasZone, leaves }: SharingOf,
): WireRequest {
  const zone = [{ Name: 'zone', Value: 'east' }];
  const { Time = '0', TimeUnit = 'SECONDS', Version = 1 } = common;
  return {
    CommonAttributes: {
      ...(hasZone ? { Dimensions: zone } : {}),
      ...(hasTime ? { Time, TimeUnit } : {}),
      ...(hasVersion ? { Version } : {}),
    },
    Records: records.map((record, at) => {
      const { Time: _t, TimeUnit: _u, Version: own, ...rest } = record;
      const leavesTime = hasTime && leaves[at] === true;
      return {
        ...(leavesTime
          ? rest
          : { ...rest, Time: record.Time ?? '', TimeUnit: record.TimeUnit ?? '' }),
        ...(own === undefined || (hasVersion && leaves[at]) ? {} : { Version: own }),
        Dimensions: (record.Dimensions ?? []).filter(({ Name }) => !hasZone || Name !== 'zone'),
      };
    }),
  };
}

type SharingOf = typeof anySharing extends fc.Arbitrary<infer T> ? T : never;

/** Many requests, in batches that commit together. */
export function anyBatches(shape: {
  readonly batchesCount: number;
  readonly requestsCount: number;
}): fc.Arbitrary<readonly RequestBatch[]> {
  const exactly = (length: number) => ({
    minLength: length,
    maxLength: length,
    size: 'max' as const,
  });
  const batch = fc.record({
    clockSteps: fc.constantFrom(0, 0, 0, 0, 1),
    requests: fc.array(
      fc.record({ table: fc.constantFrom('short' as const, 'long' as const), wire: anyRequest }),
      exactly(shape.requestsCount),
    ),
  });
  return fc.array(batch, exactly(shape.batchesCount));
}
