import type { Change } from '../store/change.ts';
import type { SqlType } from '../types/sql-type.ts';

/** Requests of the server to an engine, in order. */
export type EngineRequest =
  | CopyRequest
  | OpenRequest
  | ChangeRequest
  | StartRequest
  | NextRequest
  | { readonly kind: 'interrupt' | 'close'; readonly query: number };

/** Copies a file that does not change in the meantime. */
export interface CopyRequest {
  readonly kind: 'copy';
  readonly from: string;
  readonly to: string;
}

/** Opens the replica. */
export interface OpenRequest {
  readonly kind: 'open';
  readonly path: string;
  /** DuckDB's memory limit. The process ends itself when it uses 1.4 times as much. */
  readonly memoryBytesMax: number;
  /** Whether the functions written in JavaScript are needed. */
  readonly isWithFunctions: boolean;
  /**
   * Where the replica is, if nobody needs it after the server. It is removed when the server is
   * gone.
   */
  readonly temporaryDirectory?: string | undefined;
}

/** Makes the changes of one transaction in the replica. */
export interface ChangeRequest {
  readonly kind: 'change';
  /** Counts the transactions since the replica was copied, from 1. */
  readonly position: number;
  readonly changes: readonly Change[];
}

/** Starts a query; `next` returns its rows. It sees all changes that were sent before it. */
export interface StartRequest {
  readonly kind: 'start';
  readonly query: number;
  readonly sql: string;
  readonly columnTypes: readonly SqlType[];
}

/** Asks for the next rows of a query. */
export interface NextRequest {
  readonly kind: 'next';
  readonly query: number;
  /** How long it may compute. */
  readonly timeLeftMs: number;
}

/** Messages of an engine. */
export type EngineReply =
  | { readonly kind: 'copied' }
  | { readonly kind: 'opened' | 'applied'; readonly position: number }
  /** The next rows, each as the JSON of its data; none at the end. */
  | { readonly kind: 'rows'; readonly query: number; readonly rows: readonly string[] }
  /** DuckDB's own message. */
  | { readonly kind: 'failed'; readonly query: number; readonly message: string }
  /** The process cannot go on with this replica. */
  | { readonly kind: 'broken'; readonly message: string };
