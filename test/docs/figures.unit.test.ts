import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { root } from './code-blocks.ts';

// Goal: a figure that stands on several pages is the same on all. Method: each is read from its source,
// mostly a row of benchmarks/README.md, and computed as the other page says it.

const read = (page: string) => readFileSync(new URL(page, root), 'utf8');
const benchmarks = read('benchmarks/README.md');

/** The numbers of the first table row that has a text, from the cell after it on. */
function row(text: string, page = benchmarks, from = ''): readonly number[] {
  const after = page.slice(Math.max(0, page.indexOf(from)));
  const line = after.split('\n').find((each) => each.startsWith('|') && each.includes(text)) ?? '';
  const cells = line.slice(line.indexOf(text) + text.length);
  return (cells.match(/\d[\d,.]*/g) ?? []).map((digits) => Number(digits.replaceAll(',', '')));
}

/** As code writes a number. */
function grouped(value: number): string {
  return value.toLocaleString('en-US').replaceAll(',', '_');
}

/** As a page writes a number, with so many digits that mean something. */
function rounded(value: number, digits: number): string {
  return Number(value.toPrecision(digits)).toLocaleString('en-US');
}

const polling = row('polling  ', benchmarks, '## reading');
const fanOut = row('fan-out  ', benchmarks, '## reading');
const pipeline = (process: string) => row(process, benchmarks, '## pipeline');
const [sentPerSecond = 0] = pipeline('generator');
const [, kinesisCores = 0] = [0, ...pipeline('kinesis-local')];
const rates = {
  aggregator: pipeline('aggregator'),
  'raw-writer': pipeline('raw-writer'),
  'upsert-writer': pipeline('upsert-writer'),
  'timestream-local': pipeline('timestream-local'),
  // A record has one point.
  'kinesis-local': [sentPerSecond, kinesisCores],
};
const perCore = (service: keyof typeof rates) =>
  (rates[service][0] ?? 0) / (rates[service][1] ?? 0);

const withoutIdle = row('no idle shard', benchmarks, '### Cost of an idle shard');
const idleMinutes5 = row(
  'keeps rows for 5 min (as in Highwater)',
  benchmarks,
  '### Cost of an idle shard',
);
const idleMinutes60 = row('keeps rows for 60 min', benchmarks, '### Cost of an idle shard');
const more = (column: number, than: readonly number[]) =>
  (than[column] ?? 0) - (withoutIdle[column] ?? 0);
const soakEnd = row('|     30 |', benchmarks, '## soak');
const [ofAverage = 0] = row('bytes per open row of the default view');
const [ofFour = 0] = row('bytes per open row of `avg`, `max`, `first`, `last`');
const [ofOneShard = 0] = row('bytes per open row, with ten per series');
const [ofThreeShards = 0] = row('with points from three shards');
const aggregatorRow = `row takes ${rounded(ofAverage, 1)} to ${rounded(2 * ofAverage, 1)} bytes for an average, and up to ${Math.ceil((2 * ofFour) / 50) * 50} bytes for four aggregates.`;
const joinedRow = `about ${rounded(ofOneShard, 1)} bytes, and ${rounded((ofThreeShards - ofOneShard) / 2, 1)} more for each further shard of the raw stream.`;
const newRows = row('new rows  ', benchmarks, '### Writing');
const correctedRows = row('corrected rows (higher version)', benchmarks, '### Writing');
const [intoPostgres = 0] =
  /raw-writer wrote ([\d,]+) points per CPU second/.exec(benchmarks)?.slice(1) ?? [];
const bytesPerRow = /take (\d+) bytes per row on disk in PostgreSQL/.exec(benchmarks)?.[1];
const compare = read('docs/compare.md');
const [ours = 0, theirs = 0, theirsMax = 0] = row('whole pipeline: raw rows', compare);

/** PostgreSQL, ClickHouse, and timestream-local, whose writers and engines alternate. */
const speeds = (cells: readonly number[], of: 'writer' | 'engine') =>
  cells
    .filter((_, index) => index % 2 === (of === 'writer' ? 0 : 1))
    .map((each) => each.toFixed(1))
    .join(' | ');
const bytes = (text: RegExp) => Number(text.exec(benchmarks)?.[1]);
const postgresRow = bytes(/take (\d+) bytes per row on disk in PostgreSQL/);
const postgresSeries = bytes(/series adds (\d+) bytes per series/);
const clickhouseRow = bytes(/took (\d+) bytes per row in ClickHouse/);
const gigabytesOf = (rowBytes: number, days: number) => (rowBytes * days * 86.4e6) / 1e9;

/** List prices of us-east-1 in USD, looked up in November 2026, and 730 hours per month. */
const hours = 730;
const millionsPerMonth = 2_628;
/** As docs/aws.md has it: 210 million writes of 1 KB. */
const [timestreamWrites = 0] = row('Timestream writes of raw rows', read('docs/aws.md'));
const timestreamRow = 82;
const stored = {
  memory: gigabytesOf(timestreamRow, 1),
  magnetic: gigabytesOf(timestreamRow, 7),
  postgres: gigabytesOf(postgresRow, 8),
  clickhouse: gigabytesOf(clickhouseRow, 8),
};
/** Per month at 1,000 rows per second: what does not grow with the rows, and what does. */
const costs: Readonly<Record<string, readonly [fixed: number, growing: number]>> = {
  'Timestream for LiveAnalytics': [
    0,
    timestreamWrites + stored.memory * hours * 0.036 + stored.magnetic * 0.03,
  ],
  'PostgreSQL on RDS, one `db.m7g.large`': [hours * 0.168, stored.postgres * 0.115],
  'Aurora PostgreSQL I/O-Optimized, one `db.r7g.large`': [
    hours * 0.276 * 1.3,
    stored.postgres * 0.225,
  ],
  'ClickHouse on EC2, one `m7g.large`': [hours * 0.0816, stored.clickhouse * 0.08],
  'ClickHouse Cloud, plan Scale, two replicas of 8 GiB': [
    436.95,
    (stored.clickhouse / 1000) * 25.3,
  ],
};
const perMillion = (dollars: number, times: number) => {
  const each = dollars / (times * millionsPerMonth);
  return String(each < 0.1 ? Number(each.toPrecision(2)) : Number(each.toFixed(3)));
};
const dollars = (value: number) => value.toFixed(0);
const [, rdsCost = [0, 0], auroraCost = [0, 0], ownCost = [0, 0], cloudCost = [0, 0]] =
  Object.values(costs);
const memoryCost = stored.memory * hours * 0.036;
/** Thousands per second, as a page writes them. */
function perSecond(thousands = Number.NaN): string {
  return rounded(1_000 * thousands, thousands < 100 ? 2 : 3);
}

/** A page, and what it must say of figures that have their source elsewhere. */
const quoted: readonly (readonly [page: string, text: string])[] = [
  ...(Object.keys(rates) as (keyof typeof rates)[]).map(
    (service) =>
      [
        'docs/scaling.md',
        `| ${service} | ${rates[service][0]?.toLocaleString('en-US')} * | ${rates[service][1]?.toFixed(2)} | ${rounded(perCore(service), 2)} *`,
      ] as const,
  ),
  [
    'docs/aws.md',
    `| raw-writer | ${rounded(perCore('raw-writer'), 2)} rows | ${rounded(perCore('raw-writer') / 4, 2)} rows |`,
  ],
  [
    'docs/aws.md',
    `| aggregator | ${rounded(perCore('aggregator'), 2)} points | ${rounded(perCore('aggregator') / 4, 2)} points |`,
  ],
  ...['PostgreSQL', 'ClickHouse', 'timestream-local'].map(
    (store, index) =>
      [
        'docs/scaling.md',
        `| ${store} | ${perSecond(newRows[2 * index + 1])} | ${perSecond(correctedRows[2 * index + 1])} |`,
      ] as const,
  ),
  [
    'docs/scaling.md',
    `which wrote ${perSecond(Number(String(intoPostgres).replace(',', '')) / 1_000)} points`,
  ],
  ['docs/scaling.md', `| 92,000 | ${bytesPerRow} |`],
  [
    'docs/aws.md',
    `take ${rounded((1_000 * 8 * 86_400 * Number(bytesPerRow)) / 1e9, 3)} GB at ${bytesPerRow} bytes`,
  ],
  ['docs/scaling.md', `was ${polling[1]} ms with polling and ${fanOut[1]} ms with fan-out`],
  ['docs/scaling.md', `upsert-writer grew to about ${rounded(soakEnd[9] ?? 0, 1)} MB.`],
  [
    'docs/scaling.md',
    `aggregator and raw-writer grew to about ${rounded(soakEnd[10] ?? 0, 2)} MB.`,
  ],
  [
    'docs/decisions/0003-settled-rows-and-orphans.md',
    `another ${rounded(more(1, idleMinutes60), 1)} MB of memory, and ${more(2, idleMinutes60)} MB per snapshot. Five minutes take ${more(1, idleMinutes5)} MB and ${more(2, idleMinutes5)} MB`,
  ],
  ['docs/alerts.md', aggregatorRow],
  ['docs/reference/settings.md', aggregatorRow],
  ['docs/alerts.md', `row takes ${joinedRow}`],
  ['docs/reference/settings.md', `row takes ${joinedRow}`],
  ['docs/scaling.md', joinedRow],
  ...Object.entries(costs).map(
    ([store, [fixed, growing]]) =>
      [
        'docs/stores.md',
        `| ${store} | ${perMillion(fixed + growing, 1)} | ${perMillion(fixed + 10 * growing, 10)} |`,
      ] as const,
  ),
  ...[
    `| Timestream | ${dollars(timestreamWrites + memoryCost + stored.magnetic * 0.03)} | [writes](aws.md#what-it-costs): ${timestreamWrites}. 24 hours in the memory store: ${stored.memory.toFixed(2)} GB × 730 h × 0.036 = ${dollars(memoryCost)}. Seven days in the magnetic store: ${stored.magnetic.toFixed(1)} GB × 0.03 = ${dollars(stored.magnetic * 0.03)} |`,
    `| RDS | ${dollars(rdsCost[0] + rdsCost[1])} | machine: 730 h × 0.168 = ${dollars(rdsCost[0])}. Eight days on a gp3 volume, with ${postgresRow} bytes per row: ${stored.postgres.toFixed(1)} GB × 0.115 = ${dollars(rdsCost[1])} |`,
    `| Aurora | ${dollars(auroraCost[0] + auroraCost[1])} | machine: 730 h × 0.276 × 1.3 = ${dollars(auroraCost[0])}. Storage: ${stored.postgres.toFixed(1)} GB × 0.225 = ${dollars(auroraCost[1])} |`,
    `| EC2 | ${dollars(ownCost[0] + ownCost[1])} | machine: 730 h × 0.0816 = ${dollars(ownCost[0])}. Eight days on a gp3 volume, with ${clickhouseRow} bytes per row: ${stored.clickhouse.toFixed(1)} GB × 0.08 = ${dollars(ownCost[1])} |`,
    `| ClickHouse Cloud | ${dollars(cloudCost[0] + cloudCost[1])} | two replicas, always on: ${dollars(cloudCost[0])}. Storage: ${(stored.clickhouse / 1000).toFixed(4)} TB × 25.30 = ${dollars(cloudCost[1])} |`,
    `it costs USD ${dollars(memoryCost / 4)} instead of ${dollars(memoryCost)}`,
    `| the service that writes, new rows | ${speeds(newRows, 'writer')} |`,
    `| the service that writes, corrections | ${speeds(correctedRows, 'writer')} |`,
    `| the engine, new rows | ${speeds(newRows, 'engine')} |`,
    `| the engine, corrections | ${speeds(correctedRows, 'engine')} |`,
    `about ${postgresRow} bytes with its indexes. At 1,000 points per second, that is ${dollars(gigabytesOf(postgresRow, 1))} GB of raw points per day`,
    `takes another ${postgresSeries} bytes.`,
  ].map((text) => ['docs/stores.md', text] as const),
  ['README.md', `${rounded(1000 * ours, 3)} points per CPU second`],
  ['README.md', `${rounded(1000 * theirs, 3)} to ${rounded(1000 * theirsMax, 3)}.`],
];

/** The words of a page, without the widths of its tables; `*` in a text stands for one word or two. */
function says(page: string, text: string): boolean {
  const words = read(page).replaceAll(/\s+/g, ' ');
  const pattern = text
    .replaceAll(/[.|()[\]?]/g, String.raw`\$&`)
    .replaceAll('*', String.raw`\w+( \w+)?`);
  return new RegExp(pattern).test(words);
}

describe('a figure that stands on several pages', () => {
  it.each(quoted)('is on %s as its source has it: %s', (page, text) => {
    expect(text).not.toMatch(/NaN|undefined/);
    expect({ page, text }).toSatisfy(() => says(page, text));
  });

  it('is the number of cases of a simulation in docs/testing.md as in its test', () => {
    const lines = read('docs/testing.md').match(/^\| \[.*\|.*\| +[\d,]+ \|.*$/gm) ?? [];
    expect(lines.length).toBeGreaterThan(5);
    const wrong = lines.filter((line) => {
      const [, path = '', cases = ''] = /\]\(\.\.\/([^)]+)\).*\| +([\d,]+) \|/.exec(line) ?? [];
      const count = Number(cases.replaceAll(',', ''));
      // `poison` runs a tenth of the schedules of `chaos`.
      const inCode = [
        new RegExp(`\\b${grouped(count)}\\b`),
        new RegExp(`${grouped(10 * count)}\\) / 10`),
      ];
      return count !== 1 && !inCode.some((each) => each.test(read(path)));
    });
    expect(wrong).toEqual([]);
  });
});
