import { decodeRecord } from '@highwater/model';
import { defaultViewsFile, parseViews, RecordFolder, WindowOperator } from '@highwater/windowing';
import { fleetRecords, shuffled, shuffledHosts, toRecords } from './fleet-records.ts';
import { cpuSeconds, median } from './measure.ts';

const startSeconds = 1_700_000_100;
const runsCount = 5;

const threeViews = {
  views: [
    ...defaultViewsFile.views,
    { name: 'minute', window: { tumbling: '1m' }, aggregates: ['min', 'max', 'count'] },
    {
      name: 'cells',
      window: { tumbling: '1h' },
      groupBy: ['region', 'cell'],
      aggregates: ['avg', 'max'],
    },
  ],
};
const hopping = {
  views: [{ name: 'hopping', window: { hopping: { size: '5m', every: '10s' } } }],
};

/**
 * One line of the table: records a second on one core, and those of bare `JSON.parse` in the same
 * run.
 */
export interface DecodeRate {
  readonly name: string;
  readonly recordsPerSecond: number;
  readonly parsePerSecond: number;
  /** Median of the ratios of each run. */
  readonly ratio: number;
}

const settings = { source: 'shard', outOfOrdernessMs: 3_000, maxFutureSkewMs: 900_000 };
const listener = {
  point: () => undefined,
  refused: () => {
    throw new Error('every record is a point');
  },
};

/** Measures decode, key and window over the seed's fleet, in several settings. */
export function decodeRates(): DecodeRate[] {
  const order = (run: number) => fleetRecords(startSeconds + run);
  const anyHosts = (run: number) => shuffledHosts(order(run), `run ${run}`);
  const anyOrder = (run: number) => shuffled(order(run), `run ${run}`);
  return [
    measure('(a) default view, in the order of the producer', fast(defaultViewsFile), order),
    measure(
      '(a) default view, hosts in another order every round',
      fast(defaultViewsFile),
      anyHosts,
    ),
    measure(
      '(a) default view, records in another order every round',
      fast(defaultViewsFile),
      anyOrder,
    ),
    measure('(b) three views', fast(threeViews), order),
    measure('(c) hopping 5 m / 10 s', fast(hopping), order),
    measure('(d) the JSON.parse path, default view', slow(), order),
  ];
}

type Records = ReturnType<typeof toRecords>;

function fast(file: unknown): (records: Records) => void {
  const folder = new RecordFolder(new WindowOperator({ ...settings, views: parseViews(file) }));
  return (records) => {
    for (const record of records) folder.fold(record, listener);
  };
}

function slow(): (records: Records) => void {
  const operator = new WindowOperator({ ...settings, views: parseViews(defaultViewsFile) });
  return (records) => {
    for (const record of records) {
      for (const decoded of decodeRecord(record.data)) {
        if (decoded.ok) operator.add(decoded.point, record);
      }
      operator.endRecord();
    }
  };
}

function measure(
  name: string,
  fold: (records: Records) => void,
  textsOf: (run: number) => string[],
): DecodeRate {
  const rates: number[] = [];
  const parses: number[] = [];
  // The first two runs learn the series and warm the code up.
  for (let run = 0; run < runsCount + 2; run++) {
    const records = toRecords(textsOf(run), startSeconds + run);
    const parseSeconds = cpuSeconds(() => {
      for (const { data } of records) JSON.parse(data.toString());
    });
    const foldSeconds = cpuSeconds(() => fold(records));
    if (run < 2) continue;
    rates.push(records.length / foldSeconds);
    parses.push(records.length / parseSeconds);
  }
  return {
    name,
    recordsPerSecond: median(rates),
    parsePerSecond: median(parses),
    ratio: median(rates.map((rate, run) => rate / (parses[run] ?? Number.NaN))),
  };
}
