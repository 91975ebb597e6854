import type { Position } from '../sql-error.ts';
import type { Name } from './nodes.ts';
import type { Query } from './nodes.ts';

export type Statement =
  | Query
  | { readonly kind: 'showDatabases'; readonly at: Position; readonly like?: string | undefined }
  | {
      readonly kind: 'showTables';
      readonly at: Position;
      readonly database?: Name | undefined;
      readonly like?: string | undefined;
    }
  | {
      readonly kind: 'showMeasures';
      readonly at: Position;
      readonly table: readonly Name[];
      readonly like?: string | undefined;
    }
  | { readonly kind: 'describe'; readonly at: Position; readonly table: readonly Name[] };
