import { checkSchema } from './check-schema.ts';
import { decideVersion } from './decide-version.ts';
import { attributesOf } from './fingerprint.ts';
import type { IncomingRecord } from './incoming-record.ts';
import type { StoreWriter } from './store-writer.ts';
import type { TableState, TableWriting } from './table-state.ts';
import { TableWrite } from './table-write.ts';
import type { StoredVersion } from './version-block.ts';

/** The outcome of one record of a request. */
export type RecordOutcome =
  | { readonly status: 'stored' | 'repeated' }
  | { readonly status: 'conflict' }
  | { readonly status: 'outdated'; readonly existingVersion: bigint }
  | { readonly status: 'refused'; readonly reason: string };

interface PendingWrite {
  readonly table: TableState;
  readonly records: readonly IncomingRecord[];
  readonly done: PromiseWithResolvers<readonly RecordOutcome[] | undefined>;
}

/** Runs a task that may write, alone. */
export type Exclusively = <T>(task: (writer: StoreWriter) => Promise<T>) => Promise<T>;

/** Maximum records in one transaction, so that no request waits for a very long one. */
const groupRecordsMax = 20_000;

/** Maximum records that wait for the disk, about 100 MB. Callers must not exceed it. */
const waitingRecordsMax = 100_000;

/**
 * Commits the records of concurrent requests together. While one group is being made durable, the
 * next one collects records. So all waiting requests share the cost of a disk write, and a single
 * request waits for no others.
 */
export class GroupCommitter implements AsyncDisposable {
  readonly #exclusively: Exclusively;
  readonly #isStrict: boolean;
  #waiting: PendingWrite[] = [];
  #waitingRecords = 0;
  /** Never fails: errors are reported to the callers whose records are affected. */
  #running: Promise<void> | undefined;

  /** @param isStrict refuses a higher version with other attributes than the stored record has */
  constructor(exclusively: Exclusively, isStrict: boolean) {
    this.#exclusively = exclusively;
    this.#isStrict = isStrict;
  }

  /** Whether so many records wait that no more should be accepted. */
  get isFull(): boolean {
    return this.#waitingRecords >= waitingRecordsMax;
  }

  /**
   * Stores records; resolves when those that are accepted are durable.
   *
   * @returns one outcome per record, in order; undefined when the table was dropped in the meantime
   */
  write(
    table: TableState,
    records: readonly IncomingRecord[],
  ): Promise<readonly RecordOutcome[] | undefined> {
    const done = Promise.withResolvers<readonly RecordOutcome[] | undefined>();
    this.#waiting.push({ table, records, done });
    this.#waitingRecords += records.length;
    this.#running ??= this.#run();
    return done.promise;
  }

  /** Settles when nothing waits any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      let group: readonly PendingWrite[] | undefined;
      try {
        const outcomes = await this.#exclusively((writer) => {
          group = this.#takeGroup();
          return commitGroup(writer, group, this.#isStrict);
        });
        for (const [at, { done }] of (group ?? []).entries()) done.resolve(outcomes[at]);
      } catch (error) {
        // Without one, the store could not even start.
        for (const { done } of group ?? this.#takeGroup()) done.reject(error);
      }
    }
    this.#running = undefined;
  }

  /** Taken only when the connection is free, so that requests collect while another task has it. */
  #takeGroup(): readonly PendingWrite[] {
    let records = 0;
    const end = this.#waiting.findIndex((write) => {
      records += write.records.length;
      return records > groupRecordsMax;
    });
    const group = this.#waiting.splice(0, end === -1 ? this.#waiting.length : Math.max(1, end));
    for (const write of group) this.#waitingRecords -= write.records.length;
    return group;
  }
}

type Outcomes = readonly (readonly RecordOutcome[] | undefined)[];

async function commitGroup(
  writer: StoreWriter,
  group: readonly PendingWrite[],
  isStrict: boolean,
): Promise<Outcomes> {
  const tables = new Set(group.map(({ table }) => table).filter((table) => !table.isDropped));
  const writes = new Map<TableState, TableWrite>();
  try {
    for (const table of tables) {
      const writing = await table.writing(writer.connection);
      await writing.versions.require(timesOf(group, table));
      writes.set(table, new TableWrite(table, writing));
    }
    const outcomes: (readonly RecordOutcome[] | undefined)[] = [];
    for (const { table, records } of group) {
      const write = writes.get(table);
      outcomes.push(write && records.map((record) => decide(write, record, isStrict)));
    }
    const changed = [...writes.values()].filter((write) => write.hasChanges);
    if (changed.length > 0) {
      await writer.commit(changed.flatMap((write) => write.changes()));
      for (const { table } of changed) table.markCommitted();
    }
    for (const { writing } of writes.values()) writing.versions.trim();
    return outcomes;
  } catch (error) {
    for (const table of tables) await table.reload(writer.connection);
    throw error;
  }
}

function* timesOf(group: readonly PendingWrite[], of: TableState): Generator<bigint> {
  for (const { table, records } of group) {
    if (table === of) for (const { timeNs } of records) yield timeNs;
  }
}

function decide(write: TableWrite, record: IncomingRecord, isStrict: boolean): RecordOutcome {
  const reason = checkSchema(write.table, record);
  if (reason !== undefined) return { status: 'refused', reason };
  const { series: seriesIds, versions }: TableWriting = write.writing;
  const series = seriesIds.idOf(record.measureName, record.dimensions);
  const existing = versions.find(series, record.timeNs);
  const decision = decideVersion(existing, record);
  switch (decision) {
    case 'insert':
      write.insert(series, record);
      break;
    case 'replace':
      if (isStrict && existing && hasOtherAttributes(existing, record)) {
        return { status: 'refused', reason: otherAttributes };
      }
      write.replace(series, record);
      break;
    case 'repeat':
      return { status: 'repeated' };
    case 'conflict':
      return { status: 'conflict' };
    case 'outdated':
      return { status: 'outdated', existingVersion: existing?.version ?? record.version };
  }
  versions.set(series, record.timeNs, record);
  return { status: 'stored' };
}

/** Whether a higher version replaces the attributes or adds to them is not documented. */
const otherAttributes = 'The record has other attributes than the existing one of a lower version.';

function hasOtherAttributes(existing: StoredVersion, { kind, fingerprint }: IncomingRecord) {
  return kind === 'MULTI' && attributesOf(existing.fingerprint) !== attributesOf(fingerprint);
}
