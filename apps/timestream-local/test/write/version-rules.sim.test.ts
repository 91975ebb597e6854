import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../src/http/api-error.ts';
import type { JsonObject } from '../../src/http/operation.ts';
import { parseJson } from '../../src/http/parse-json.ts';
import { Store } from '../../src/store/store.ts';
import type { TableState } from '../../src/store/table-state.ts';
import { anyBatches, originNs, stepNs, type WireRequest } from './arbitrary-requests.ts';
import { ModelTable, type ModelAnswer, type ModelReject, type ModelRow } from './version-model.ts';
import { writingOn } from './writing.ts';

const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => object };

describe('WriteRecords', () => {
  // Goal: every answer, and the table at the end, follow the rules of versions, windows, and types.
  // Method: 10,000 random requests, many committed together, compared with a plain model of the
  // rules.
  it('behaves like the model of its rules', async () => {
    await fc.assert(
      fc.asyncProperty(anyBatches({ batchesCount: 20, requestsCount: 50 }), async (batches) => {
        let nowNs = originNs;
        await using store = await Store.open({
          path: undefined,
          memoryBytesMax: 2 ** 30,
          isStrict: false,
        });
        const write = await startWriting(store, () => Number(nowNs / 1_000_000n));
        const models = { short: new ModelTable(false), long: new ModelTable(true) };
        for (const { clockSteps, requests } of batches) {
          nowNs += BigInt(clockSteps) * stepNs;
          const expected = requests.map(({ table, wire }) => models[table].write(wire, nowNs));
          const answers = requests.map(({ table, wire }) => write(table, wire));
          expect(await Promise.all(answers)).toEqual(expected);
        }
        for (const name of ['short', 'long'] as const) {
          expect(await storedRows(store, name)).toEqual(models[name].rows);
        }
      }),
      { numRuns: 10, endOnFailure: true },
    );
  });
});

/** Answers requests like the server, from the text of the request on. */
async function startWriting(store: Store, nowMs: () => number) {
  const operation = await writingOn(store, nowMs);
  return async (TableName: string, wire: WireRequest): Promise<ModelAnswer> => {
    const text = JSON.stringify({ DatabaseName: 'dbx', TableName, ...wire }, (_, value: unknown) =>
      typeof value === 'bigint' ? rawJSON(String(value)) : value,
    );
    try {
      return readAnswer(await operation(parseJson(text) as JsonObject));
    } catch (error) {
      if (error instanceof ApiError) return readError(error);
      throw error;
    }
  };
}

function readAnswer(answer: object): ModelAnswer {
  const { RecordsIngested: ingested } = answer as { RecordsIngested: Record<string, number> };
  const { Total: total = NaN, MagneticStore: magnetic = NaN, MemoryStore: memory } = ingested;
  expect(memory).toBe(total - magnetic);
  return { status: 200, total, magnetic };
}

interface WireReject {
  readonly RecordIndex: number;
  readonly Reason: string;
  readonly ExistingVersion?: number | bigint;
}

function readError({ status, members }: ApiError): ModelAnswer {
  if (status !== 419) return { status: status as 400 };
  const { RejectedRecords } = parseJson(JSON.stringify(members)) as {
    readonly RejectedRecords: readonly WireReject[];
  };
  const rejects = RejectedRecords.map(({ RecordIndex, Reason, ExistingVersion }): ModelReject => {
    const [, why] = reasons.find(([text]) => Reason.includes(text)) ?? [];
    if (!why) throw new Error(`unknown reason: ${Reason}`);
    const existing =
      ExistingVersion === undefined ? {} : { existingVersion: BigInt(ExistingVersion) };
    return { index: RecordIndex, why, ...existing };
  });
  return { status, rejects };
}

const reasons: readonly (readonly [text: string, why: ModelReject['why']])[] = [
  ['outside the time range', 'window'],
  ['already has the measure value type', 'type'],
  ['A higher record version must be specified', 'conflict'],
  ['is lower than the existing version', 'outdated'],
];

/** The content of the file, in the model's terms. */
async function storedRows(store: Store, name: string): Promise<ReadonlyMap<string, ModelRow>> {
  const table = store.catalog.table('dbx', name);
  if (!table) throw new Error(`no table ${name}`);
  const connection = await store.connect();
  const result = await connection.run(
    `SELECT * FROM ${table.rowsTable} AS r JOIN ${table.seriesTable} AS s ON r.series = s.id`,
  );
  const rows = await result.getRowObjects();
  connection.closeSync();
  return new Map(rows.map((row) => [identityOf(table, row), modelRow(table, row)]));
}

type StoredRow = Readonly<Record<string, unknown>>;

function identityOf(table: TableState, row: StoredRow): string {
  const labels = table
    .columnsOf('dimension')
    .filter(({ physical }) => row[physical] !== null)
    .map(({ name, physical }) => `${name}=${String(row[physical])}`);
  return [row['measure_name'], ...labels.toSorted(), String(row['time'])].join(' ');
}

function modelRow(table: TableState, row: StoredRow): ModelRow {
  const columns = [...table.columnsOf('single'), ...table.columnsOf('multi')];
  const values = columns
    .filter(({ physical }) => row[physical] !== null)
    .map(({ name, physical }) => [name, String(row[physical])]);
  return {
    version: row['version'] as bigint,
    values: Object.fromEntries(values) as ModelRow['values'],
  };
}
