import type { StoreTable } from '@highwater/model';
import type { Connection } from '../connections.ts';
import { identifier, literal } from '../sql-text.ts';
import { timestampText } from '../writing/row-time.ts';
import type { SchemaNames } from './schema-names.ts';

/** The table, and how long it keeps rows. */
export interface DaysOptions {
  readonly names: SchemaNames;
  readonly table: StoreTable;
  readonly retentionDays: number;
  /** The schema of TimescaleDB's functions, quoted: then the days are its chunks. */
  readonly timescale: string | undefined;
}

const dayMs = 86_400_000;
/** Days that are made before their first row. */
const aheadDays = 2;
/** An attempt that runs out of time has made those of the transactions before. */
const daysPerTransaction = 30;
/** Dropping waits for whoever reads, and everybody else would wait behind it. */
const lockWaitMs = 2_000;

/**
 * The days of a table: one partition for each, in UTC. Rows of days that are not kept, or that are not
 * made ahead, are refused, so that there is a bound on partitions.
 */
export class Days {
  readonly #options: DaysOptions;
  #firstMs = 0;
  #endMs = 0;

  constructor(options: DaysOptions) {
    this.#options = options;
  }

  /** Why a row's time is refused; undefined when it is kept. */
  refusalOf(timeMs: number): string | undefined {
    if (timeMs < this.#firstMs) {
      return `the table keeps rows from ${timestampText(this.#firstMs)} (retention in days: ${this.#options.retentionDays})`;
    }
    return timeMs < this.#endMs
      ? undefined
      : `the table takes rows before ${timestampText(this.#endMs)}`;
  }

  /** Looks at the server's clock, and makes the days that are missing. */
  async makeAhead(connection: Connection): Promise<void> {
    const [row] = await connection.rows({
      text: `select floor(extract(epoch from now()) * 1000)::bigint`,
    });
    const todayMs = dayOf(Number(row?.[0]));
    this.#firstMs = todayMs - this.#options.retentionDays * dayMs;
    this.#endMs = todayMs + (aheadDays + 1) * dayMs;
    if (this.#options.timescale !== undefined) return;
    const ahead = Array.from({ length: aheadDays + 1 }, (_, days) => todayMs + days * dayMs);
    await this.make(connection, ahead);
  }

  /** Whether a row's time is after the days that were made when the server's clock was looked at. */
  isAhead(timeMs: number): boolean {
    return timeMs >= this.#endMs;
  }

  /**
   * Drops the days that are over, by the clock of the server and by ours: one that is wrong would remove
   * what nobody can bring back.
   */
  async dropOld(connection: Connection, nowMs: number): Promise<void> {
    const { timescale, names, table, retentionDays } = this.#options;
    const firstMs = Math.min(this.#firstMs, dayOf(nowMs) - retentionDays * dayMs);
    if (timescale === undefined) {
      await this.#dropPartitions(connection, firstMs);
      return;
    }
    await connection.rows({ text: 'begin' });
    await connection.rows({ text: `set local lock_timeout = ${lockWaitMs}` });
    await connection.rows({
      text: `select ${timescale}.drop_chunks('${names.tables[table]}', older_than => $1::timestamptz)`,
      values: [timestampText(firstMs)],
    });
    await connection.rows({ text: 'commit' });
  }

  /** Makes the days of some times. Any number of processes may do so at once. */
  async make(connection: Connection, timesMs: readonly number[]): Promise<void> {
    const known = new Set(await this.#known(connection));
    const days = [...new Set(timesMs.map(dayOf))].filter((day) => !known.has(day));
    days.sort((a, b) => a - b);
    for (let start = 0; start < days.length; start += daysPerTransaction) {
      await this.#makeDays(connection, days.slice(start, start + daysPerTransaction));
    }
  }

  async #makeDays(connection: Connection, days: readonly number[]): Promise<void> {
    const { names, table } = this.#options;
    await connection.rows({ text: 'begin' });
    await connection.rows({ text: 'select pg_advisory_xact_lock($1)', values: [names.lockKey] });
    const made = new Set(await this.#known(connection));
    for (const day of days.filter((each) => !made.has(each))) {
      const partition = this.#partition(day);
      // Attaching a table lets others read and write meanwhile; making a partition at once does not.
      await connection.rows({
        text: `create table ${partition} (like ${names.tables[table]} including defaults) with (fillfactor = 70)`,
      });
      await connection.rows({
        text: `alter table ${names.tables[table]} attach partition ${partition}
          for values from (${literal(timestampText(day))}) to (${literal(timestampText(day + dayMs))})`,
      });
    }
    await connection.rows({ text: 'commit' });
  }

  async #dropPartitions(connection: Connection, firstMs: number): Promise<void> {
    const { names } = this.#options;
    const old = (await this.#known(connection)).filter((day) => day < firstMs);
    for (const day of old) {
      await connection.rows({ text: 'begin' });
      await connection.rows({ text: `set local lock_timeout = ${lockWaitMs}` });
      await connection.rows({ text: 'select pg_advisory_xact_lock($1)', values: [names.lockKey] });
      await connection.rows({ text: `drop table if exists ${this.#partition(day)}` });
      await connection.rows({ text: 'commit' });
    }
  }

  /** The days that have a partition. */
  async #known(connection: Connection): Promise<readonly number[]> {
    const { names, table } = this.#options;
    const rows = await connection.rows({
      text: `select c.relname from pg_inherits i
        join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
        join pg_namespace n on n.oid = p.relnamespace
        where n.nspname = $1 and p.relname = $2`,
      values: [names.bare.data, table],
    });
    return rows.flatMap(([name]) => {
      const [, year, month, day] = /_(\d{4})(\d\d)(\d\d)$/.exec(String(name)) ?? [];
      return year === undefined ? [] : [Date.UTC(Number(year), Number(month) - 1, Number(day))];
    });
  }

  #partition(day: number): string {
    const { names, table } = this.#options;
    const digits = timestampText(day).slice(0, 10).replaceAll('-', '');
    return `${names.data}.${identifier(`${table}_${digits}`)}`;
  }
}

function dayOf(timeMs: number): number {
  return Math.floor(timeMs / dayMs) * dayMs;
}
