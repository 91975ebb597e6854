/** Types that a stored value can have. TIMESTAMP exists only as an attribute of a multi-measure. */
export type ValueType = 'DOUBLE' | 'BIGINT' | 'VARCHAR' | 'BOOLEAN' | 'TIMESTAMP';

/**
 * The meaning of a measure name in its table. The first record decides, and later ones must agree.
 */
export type MeasureKind = Exclude<ValueType, 'TIMESTAMP'> | 'MULTI';

/**
 * `dimension`: part of a series. `single`: one of the `measure_value::…` columns. `multi`: an
 * attribute of multi-measure records.
 */
export type ColumnRole = 'dimension' | 'single' | 'multi';

/**
 * A column as a query sees it, and the physical column. DuckDB ignores case, but Timestream does
 * not.
 */
export interface Column {
  readonly name: string;
  readonly role: ColumnRole;
  readonly type: ValueType;
  /** `d0`, `d1`, … in the series table; `m0`, `m1`, … in the rows table. */
  readonly physical: string;
}

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface DatabaseInfo {
  readonly name: string;
  readonly kmsKeyId: string;
  readonly createdMs: number;
  readonly updatedMs: number;
}

export interface PartitionKey {
  readonly Type: 'DIMENSION' | 'MEASURE';
  readonly Name?: string | undefined;
  readonly EnforcementInRecord?: 'REQUIRED' | 'OPTIONAL' | undefined;
}

/** The settings that `UpdateTable` can change. */
export interface TableSettings {
  readonly memoryHours: number;
  readonly magneticDays: number;
  readonly magneticWrites: boolean;
  /**
   * Set when the memory retention was raised. Records that were too old then do not become
   * writable.
   */
  readonly memoryOpenFromMs?: number | undefined;
  /**
   * `MagneticStoreRejectedDataLocation` as given. Stored only to be shown; nothing is sent there.
   */
  readonly rejectedDataLocation?: Readonly<Record<string, unknown>> | undefined;
  readonly partitionKeys: readonly PartitionKey[];
}

export interface TableInfo {
  readonly id: number;
  readonly databaseName: string;
  readonly name: string;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly settings: TableSettings;
}
