import type { StoreTable } from '@highwater/model';
import type { TimestreamAddress } from '@highwater/settings';
import type { TimestreamTable } from '@highwater/timestream';
import type { StoreConfig } from './store-config.ts';

/** The table of Timestream that holds a table of the store: raw points and view rows share one. */
export function timestreamTable(
  config: StoreConfig,
  { database, table: rows }: TimestreamAddress,
  table: StoreTable,
): TimestreamTable {
  return {
    region: config.AWS_REGION,
    endpoint: config.AWS_ENDPOINT_URL_TIMESTREAM_WRITE,
    database,
    table: table === 'corrections' ? config.HW_TIMESTREAM_CORRECTIONS_TABLE : rows,
    memoryHours: config.HW_TIMESTREAM_MEMORY_HOURS,
    magneticDays: config.HW_TIMESTREAM_MAGNETIC_DAYS,
    hasMagneticWrites: config.HW_TIMESTREAM_MAGNETIC_WRITES,
  };
}
