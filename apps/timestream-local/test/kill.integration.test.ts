import {
  CreateDatabaseCommand,
  CreateTableCommand,
  type RejectedRecord,
  type RejectedRecordsException,
} from '@aws-sdk/client-timestream-write';
import { QueryCommand } from '@aws-sdk/client-timestream-query';
import { SeededRandom } from '@highwater/testkit';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { makeClients, type Clients } from './clients.ts';
import { afterEmptyPages, noonMs } from './fixture.ts';
import {
  DatabaseName,
  recordsPerRequest,
  requestOf,
  RewritingWriter,
  TableName,
  type Held,
} from './rewriting-writer.ts';
import { startProcess, type ServerProcess } from './server-process.ts';

const writersCount = 6;
/** Hundreds of rounds find what a few cannot: `HW_STOP_ROUNDS=300`. */
const roundsCount = Number(process.env['HW_STOP_ROUNDS'] ?? 4);
/** Ends hanging tests, like the configuration does for the usual number of rounds. */
const timeout = roundsCount * 150_000;

/** How a server can end: immediately, in its own time, or cut off while it closes its file. */
const endings: readonly ((server: ServerProcess, random: SeededRandom) => Promise<void>)[] = [
  (server) => server.kill(),
  (server) => server.kill('SIGTERM'),
  async (server, random) => {
    const ended = server.kill('SIGTERM');
    await sleep(random.int(0, 100));
    await server.kill();
    await ended;
  },
];

async function storedValues({ query }: Clients): Promise<ReadonlyMap<string, number>> {
  const QueryString = `SELECT host, measure_value::double FROM "${DatabaseName}"."${TableName}"`;
  const first = await query.send(new QueryCommand({ QueryString }));
  const { Rows = [] } = await afterEmptyPages(query, QueryString, first);
  return new Map(
    Rows.map(({ Data }) => [Data?.[0]?.ScalarValue ?? '', Number(Data?.[1]?.ScalarValue)]),
  );
}

/** The rejects of records that have other values for the same hosts. */
async function rejectsOf(
  { write }: Clients,
  records: ReadonlyMap<string, Held>,
): Promise<readonly RejectedRecord[]> {
  try {
    await write.send(requestOf(records));
    return [];
  } catch (error) {
    return (error as RejectedRecordsException).RejectedRecords ?? [];
  }
}

describe('a server that is killed or stopped', () => {
  // Goal: acknowledged records survive every end, with their versions. Method: writers raise the
  // versions of their records, and the server ends at a random time. After a restart with the same
  // file, check every record and the version rules; several times.
  it('has every acknowledged record, and still knows its version', { timeout }, async () => {
    const random = new SeededRandom('kill-1');
    const directory = await mkdtemp(join(tmpdir(), 'timestream-local-'));
    const flags = [
      `--data=${join(directory, 'points.duckdb')}`,
      `--retention-clock=${new Date(noonMs).toISOString()}`,
    ];
    const writers = Array.from(
      { length: writersCount },
      (_, at) => new RewritingWriter(`writer${at}`, random.fork(`writer ${at}`)),
    );
    for (let round = 0; round < roundsCount; round += 1) {
      await using server = await startProcess(flags);
      using clients = makeClients(server.endpoint);
      if (round === 0) {
        await clients.write.send(new CreateDatabaseCommand({ DatabaseName }));
        await clients.write.send(new CreateTableCommand({ DatabaseName, TableName }));
      } else {
        const stored = await storedValues(clients);
        for (const writer of writers) {
          writer.check(stored);
          await expectVersions(clients, writer.acknowledged);
        }
      }
      const writing = Promise.all(writers.map((writer) => writer.run(clients)));
      while (writers.some(({ answeredCount }) => answeredCount <= round)) await sleep(5);
      await sleep(random.int(0, 450));
      await endings[round % endings.length]?.(server, random);
      await writing;
    }
    expect(writers.every(({ acknowledged }) => acknowledged.size > recordsPerRequest)).toBe(true);
    await rm(directory, { recursive: true });
  });
});

async function expectVersions(
  clients: Clients,
  acknowledged: ReadonlyMap<string, Held>,
): Promise<void> {
  const held = [...acknowledged];
  const other = (step: number) =>
    new Map(held.map(([host, { version }]) => [host, { version: version + step, value: -1 }]));

  expect(await rejectsOf(clients, acknowledged)).toEqual([]);
  const equal = await rejectsOf(clients, other(0));
  expect(equal.map(({ ExistingVersion }) => ExistingVersion)).toEqual(held.map(() => undefined));
  const raised = new Map([...other(-1)].filter(([, { version }]) => version > 0));
  const lower = await rejectsOf(clients, raised);
  expect(lower.map(({ ExistingVersion }) => ExistingVersion)).toEqual(
    held.map(([, { version }]) => version).filter((version) => version > 1),
  );
}
