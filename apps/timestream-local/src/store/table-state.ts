import type { DuckDBConnection } from '@duckdb/node-api';
import type { Column, ColumnRole, MeasureKind, TableInfo, ValueType } from './catalog-types.ts';
import { loadBlock } from './load-block.ts';
import { loadSchema } from './load-schema.ts';
import { SeriesDictionary } from './series-dictionary.ts';
import { VersionIndex } from './version-index.ts';

/** Memory for the versions of one table's records: 176 MB, which hold two to four million of them. */
const indexSlotsMax = 6 * 2 ** 20;

/** Everything known about a table besides its rows. */
export class TableState {
  info: TableInfo;
  /** By name, in the order of first appearance. Dimensions and measures share one name space. */
  readonly columns = new Map<string, Column>();
  /** By measure name. */
  readonly measures = new Map<string, MeasureKind>();
  isDropped = false;
  #writing: TableWriting | undefined;
  #committed: readonly Column[] = [];

  constructor(info: TableInfo) {
    this.info = info;
  }

  get rowsTable(): string {
    return `rows_${this.info.id}`;
  }

  get seriesTable(): string {
    return `series_${this.info.id}`;
  }

  columnsOf(role: ColumnRole): readonly Column[] {
    return [...this.columns.values()].filter((column) => column.role === role);
  }

  /**
   * The columns that the file has, for readers: `columns` may hold some that a write has just learnt
   * of and not committed yet.
   */
  committedOf(role: ColumnRole): readonly Column[] {
    return this.#committed.filter((column) => column.role === role);
  }

  /** To be called when the file has all of `columns`. */
  markCommitted(): void {
    this.#committed = [...this.columns.values()];
  }

  /** Adds a column after the last of its physical table. */
  addColumn(name: string, role: ColumnRole, type: ValueType): Column {
    const isDimension = role === 'dimension';
    const before = [...this.columns.values()].filter(
      (column) => (column.role === 'dimension') === isDimension,
    );
    const column = { name, role, type, physical: `${isDimension ? 'd' : 'm'}${before.length}` };
    this.columns.set(name, column);
    return column;
  }

  /** Data that only writes need, read from the file before the first write. */
  async writing(connection: DuckDBConnection): Promise<TableWriting> {
    this.#writing ??= await loadWriting(this, connection);
    return this.#writing;
  }

  /** Call this when rows or series were deleted. Their data is read again when needed. */
  forgetWriting(): void {
    this.#writing = undefined;
  }

  /** Reads columns and measure names again: after a failed commit the file is the truth. */
  async reload(connection: DuckDBConnection): Promise<void> {
    this.#writing = undefined;
    const { columns, measures } = await loadSchema(this.info.id, connection);
    this.columns.clear();
    this.measures.clear();
    for (const column of columns) this.columns.set(column.name, column);
    for (const [name, kind] of measures) this.measures.set(name, kind);
    this.markCommitted();
  }
}

/** A table's series numbers and record versions. */
export interface TableWriting {
  readonly series: SeriesDictionary;
  readonly versions: VersionIndex;
}

async function loadWriting(table: TableState, connection: DuckDBConnection): Promise<TableWriting> {
  const series = new SeriesDictionary();
  const result = await connection.stream(
    `SELECT id, digest_high, digest_low FROM ${table.seriesTable}`,
  );
  for (let chunk = await result.fetchChunk(); chunk?.rowCount; chunk = await result.fetchChunk()) {
    const [ids = [], highs = [], lows = []] = chunk.getColumns();
    for (const [at, id] of ids.entries()) {
      series.restore(id as number, { high: highs[at] as bigint, low: lows[at] as bigint });
    }
  }
  const versions = new VersionIndex({
    slotsMax: indexSlotsMax,
    loadBlock: (block, fromNs, toNs) => loadBlock({ table, connection, block, fromNs, toNs }),
  });
  const bounds = await connection.run(`SELECT min("time"), max("time") FROM ${table.rowsTable}`);
  const [first, last] = (await bounds.getRows())[0] ?? [];
  if (typeof first === 'bigint' && typeof last === 'bigint') versions.cover(first, last);
  return { series, versions };
}
