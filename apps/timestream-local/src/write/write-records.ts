import { ApiError } from '../http/api-error.ts';
import { checkShape } from '../http/check-shape.ts';
import type { JsonObject } from '../http/operation.ts';
import type { RecordOutcome } from '../store/group-committer.ts';
import type { IncomingRecord } from '../store/incoming-record.ts';
import { findTable } from './find.ts';
import { readRequest, type Reject } from './read-request.ts';
import { writeRecordsShape } from './shapes.ts';
import type { WireRecord } from './wire-record.ts';
import type { WriteContext } from './write-context.ts';

interface Input {
  readonly DatabaseName: string;
  readonly TableName: string;
  readonly CommonAttributes?: WireRecord | undefined;
  readonly Records: readonly WireRecord[];
}

/** Answers WriteRecords. When it answers, the accepted records are durable. */
export function writeRecords(context: WriteContext) {
  return async (input: JsonObject): Promise<object> => {
    checkShape(writeRecordsShape, input);
    const { DatabaseName, TableName, CommonAttributes, Records } = input as unknown as Input;
    const table = findTable(context.store.catalog, DatabaseName, TableName);
    if (context.store.committer.isFull) {
      throw new ApiError('ThrottlingException', 'Records arrive faster than they can be stored.');
    }
    const { records, rejects } = readRequest(Records, CommonAttributes ?? undefined, {
      settings: table.info.settings,
      nowMs: context.nowMs(),
      isStrict: context.isStrict,
    });
    const outcomes = await context.store.committer.write(table, records);
    if (!outcomes) findTable(context.store.catalog, DatabaseName, TableName);
    return answer(records, outcomes ?? [], rejects, context);
  };
}

function answer(
  records: readonly IncomingRecord[],
  outcomes: readonly RecordOutcome[],
  early: readonly Reject[],
  context: WriteContext,
): object {
  const rejects = [...early];
  let repeated = 0;
  let magnetic = 0;
  for (const [at, record] of records.entries()) {
    const outcome = outcomes[at];
    if (outcome?.status === 'repeated') repeated += 1;
    const reject = outcome && rejectOf(record, outcome);
    if (reject) rejects.push(reject);
    else if (record.target === 'magnetic') magnetic += 1;
  }
  const total = records.length + early.length - rejects.length;
  context.onRecords({ stored: total - repeated, repeated, rejected: rejects.length });
  if (rejects.length > 0) throw rejected(rejects);
  return {
    RecordsIngested: { Total: total, MemoryStore: total - magnetic, MagneticStore: magnetic },
  };
}

/** The captured words. The magnetic store reports version conflicts elsewhere, and later. */
function rejectOf({ index, version, target }: IncomingRecord, outcome: RecordOutcome) {
  switch (outcome.status) {
    case 'stored':
    case 'repeated':
      return undefined;
    case 'refused':
      return { index, reason: outcome.reason };
    case 'conflict':
      if (target === 'magnetic') return undefined;
      return {
        index,
        reason:
          'A record already exists with the same time, dimensions, measure name, and record version. A higher record version must be specified in order to update the measure value. Specifying record version is supported by the latest SDKs.',
      };
    case 'outdated': {
      if (target === 'magnetic') return undefined;
      const { existingVersion } = outcome;
      return {
        index,
        reason: `The record version ${version} is lower than the existing version ${existingVersion}. A higher version is required to update the measure value.`,
        existingVersion,
      };
    }
  }
}

function rejected(rejects: readonly Reject[]): ApiError {
  const message = 'One or more records have been rejected. See RejectedRecords for details.';
  const RejectedRecords = rejects
    .toSorted((a, b) => a.index - b.index)
    .map(({ index, reason, existingVersion }) => ({
      RecordIndex: index,
      Reason: reason,
      ...(existingVersion === undefined ? {} : { ExistingVersion: wireLong(existingVersion) }),
    }));
  return new ApiError('RejectedRecordsException', message, { members: { RejectedRecords } });
}

const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => object };

/** An integer for `JSON.stringify`, complete even beyond 2^53. */
function wireLong(value: bigint): number | object {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : rawJSON(String(value));
}
