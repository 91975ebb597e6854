import { DuckDBInstance } from '@duckdb/node-api';

export interface DuckDbOptions {
  /** Undefined: in memory. */
  readonly path: string | undefined;
  /** Memory limit of DuckDB for everything together. Beyond it, a query spills or fails. */
  readonly memoryBytesMax: number;
}

/** Makes a database, or opens the file of one. It loads no code from elsewhere. */
export function createDuckDb({ path, memoryBytesMax }: DuckDbOptions): Promise<DuckDBInstance> {
  return DuckDBInstance.create(path ?? ':memory:', {
    memory_limit: `${memoryBytesMax}B`,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    // Without a file, there is no safe place to spill to.
    ...(path === undefined ? { temp_directory: '' } : {}),
  });
}
