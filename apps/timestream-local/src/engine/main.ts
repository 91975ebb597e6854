import { endThisProcess, serveParent, systemClock } from '@highwater/service/child';
import { rmSync } from 'node:fs';
import { copyFile, constants } from 'node:fs/promises';
import { isDamage } from '../store/explain-file-error.ts';
import { guardMemory } from './memory-guard.ts';
import type {
  EngineReply,
  EngineRequest,
  NextRequest,
  OpenRequest,
  StartRequest,
} from './messages.ts';
import { Replica } from './replica.ts';
import { RunningQuery } from './running-query.ts';

// The main module of an engine: the process that computes the statements of clients. A statement
// can harm only this process. The server may end it at any moment, and it only has a copy of the
// data.

let replica: Replica | undefined;
const queries = new Map<number, RunningQuery>();

type Send = (reply: EngineReply) => void;

let temporaryDirectory: string | undefined;

serveParent(
  (request, send) => {
    // The server sends nothing else. Work in progress ends with this process at the latest.
    handle(request as EngineRequest, send).catch((error: unknown) => {
      send({ kind: 'broken', message: messageOf(error) });
    });
  },
  () => {
    if (temporaryDirectory) rmSync(temporaryDirectory, { recursive: true, force: true });
  },
);

async function handle(request: EngineRequest, send: Send): Promise<void> {
  switch (request.kind) {
    case 'copy':
      await copyFile(request.from, request.to, constants.COPYFILE_FICLONE);
      send({ kind: 'copied' });
      return;
    case 'open':
      await open(request, send);
      return;
    case 'change':
      await replica?.change(request);
      return;
    case 'start':
      start(request);
      return;
    case 'next':
      await next(request, send);
      return;
    case 'interrupt':
      queries.get(request.query)?.interrupt(new Error('INTERRUPT Error: Interrupted!'));
      return;
    case 'close':
      queries.get(request.query)?.close();
      queries.delete(request.query);
      return;
  }
}

async function open(request: OpenRequest, send: Send): Promise<void> {
  ({ temporaryDirectory } = request);
  const opened = await Replica.open(request, {
    onApplied: (position) => send({ kind: 'applied', position }),
    mayRun,
  });
  replica = opened.replica;
  // It never finishes before the process ends, and must end with it.
  const guarding = { bytesMax: request.memoryBytesMax, clock: systemClock, onExceeded };
  guardMemory(guarding).catch(endThisProcess);
  send({ kind: 'opened', position: opened.position });
}

/**
 * Memory that is still used without a running query is never freed, so a new process starts without
 * it.
 */
function onExceeded(): void {
  const reading = [...queries.values()].filter(({ isReading }) => isReading);
  if (queries.size === 0) endThisProcess();
  for (const query of reading) {
    query.interrupt(new Error('Out of Memory Error: the process uses too much memory'));
  }
}

function start({ query, sql, columnTypes }: StartRequest): void {
  const connect = () => replica?.connect() ?? Promise.reject(new Error('No replica is open.'));
  queries.set(query, new RunningQuery({ connect, sql, columnTypes, clock: systemClock }));
}

/** The server stops a query in time, and its reason takes precedence. */
const reportMs = 100;

/** Called by functions in JavaScript. While they run, no message of the server is read. */
function mayRun(connectionId: number): boolean {
  for (const query of queries.values()) {
    if (query.connectionId === connectionId) return query.mayRun;
  }
  return true;
}

async function next({ query, timeLeftMs }: NextRequest, send: Send): Promise<void> {
  try {
    const rows = (await queries.get(query)?.next(timeLeftMs + reportMs)) ?? [];
    if (rows.length === 0) queries.delete(query);
    send({ kind: 'rows', query, rows });
  } catch (error) {
    queries.delete(query);
    send({ kind: 'failed', query, message: messageOf(error) });
    // The data that other statements would read from it cannot be trusted either.
    if (isDamage(error)) send({ kind: 'broken', message: messageOf(error) });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
