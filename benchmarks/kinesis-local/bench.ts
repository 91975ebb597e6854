import { cpus } from 'node:os';
import { startKinesalite, startOurs, startOursWithFiles, type Contestant } from './contestants.ts';
import { recordBytes, shardsCount, Workload } from './workload.ts';

const roundsCount = 5;
const roundMs = 2000;
const storedCount = 1_000_000;
const tipTimes = 200;

/** The results of one server. */
interface Findings {
  readonly name: string;
  readonly startMs: number;
  readonly idleMb: number;
  readonly putEmpty: number;
  readonly getEmpty: number;
  readonly tipMs: number;
  readonly tip99Ms: number;
  readonly putFull: number;
  readonly getFull: number;
  readonly fullMb: number;
}

/**
 * kinesis-local in memory and with files, and kinesalite, one after another on the same machine:
 * records a second in and out, for an empty stream and with a million stored records, memory, and
 * the time from a put to its get at the tip.
 */
export async function run(): Promise<void> {
  const findings: Findings[] = [];
  for (const [name, start] of [
    ['kinesis-local, in memory', startOurs],
    ['kinesis-local, with files', startOursWithFiles],
    ['kinesalite 3.3.3, in memory', startKinesalite],
  ] as const) {
    findings.push(await measure(name, start));
  }
  print(findings);
}

async function measure(name: string, start: () => Promise<Contestant>): Promise<Findings> {
  await using server = await start();
  using workload = new Workload(server.port);
  const idleMb = await server.residentMb();
  await workload.createStream();
  await workload.putFor(roundMs);
  const putEmpty = await medianOf(async () => {
    await workload.renewStream();
    return workload.putFor(roundMs);
  });
  const getEmpty = await medianOf(() => workload.getFor(roundMs));
  const tip = (await workload.putToGet(tipTimes)).toSorted((a, b) => a - b);
  await workload.putUntil(storedCount);
  const putFull = await medianOf(() => workload.putFor(roundMs));
  const getFull = await medianOf(() => workload.getFor(roundMs));
  return {
    name,
    startMs: server.startMs,
    idleMb,
    putEmpty,
    getEmpty,
    tipMs: tip[tipTimes / 2] ?? NaN,
    tip99Ms: tip[Math.floor(tipTimes * 0.99)] ?? NaN,
    putFull,
    getFull,
    fullMb: await server.residentMb(),
  };
}

async function medianOf(round: () => Promise<number>): Promise<number> {
  const found: number[] = [];
  for (let i = 0; i < roundsCount; i += 1) found.push(await round());
  return found.toSorted((a, b) => a - b)[roundsCount >> 1] as number;
}

function print(findings: readonly Findings[]): void {
  const rows: readonly (readonly [string, (found: Findings) => string])[] = [
    ['start, ms', ({ startMs }) => startMs.toFixed(0)],
    ['memory idle, MB', ({ idleMb }) => idleMb.toFixed(0)],
    ['put, empty at first, records/s', ({ putEmpty }) => inThousands(putEmpty)],
    ['put, 1 million and more stored, records/s', ({ putFull }) => inThousands(putFull)],
    ['get, from a young stream, records/s', ({ getEmpty }) => inThousands(getEmpty)],
    ['get, 1 million and more stored, records/s', ({ getFull }) => inThousands(getFull)],
    ['put to get at the tip, median, ms', ({ tipMs }) => tipMs.toFixed(2)],
    ['put to get at the tip, 99 %, ms', ({ tip99Ms }) => tip99Ms.toFixed(2)],
    ['memory after 1 million and more, MB', ({ fullMb }) => fullMb.toFixed(0)],
  ];
  const lines = [
    `${recordBytes}-byte records, ${shardsCount} shards, 500 records a put, 4 callers; Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}.`,
    '',
    `| | ${findings.map(({ name }) => name).join(' | ')} |`,
    `| --- | ${findings.map(() => '---:').join(' | ')} |`,
    ...rows.map(([label, show]) => `| ${label} | ${findings.map(show).join(' | ')} |`),
    '',
  ];
  process.stdout.write(lines.join('\n'));
}

function inThousands(perSecond: number): string {
  return `${(perSecond / 1000).toFixed(1)}k`;
}
