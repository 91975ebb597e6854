import { join } from 'node:path';

/** A directory with this file belongs to Highwater. */
export const markerName = 'kinesis-local.json';
export const stateName = 'state.json';
export const logsName = 'logs';
export const lockName = 'lock';
/** The range of a shard's log. */
export const endName = 'end';

const topNames = new Set([
  markerName,
  stateName,
  lockName,
  `${markerName}.new`,
  `${stateName}.new`,
]);
const lockAsideForm = /^lock\.(?:taking|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const streamForm = /^[\w.-]{1,128}@\d+$/;
const shardForm = /^shardId-\d{12}$/;
const segmentForm = /^\d{15}\.log$/;
const asideForm = /^\d{15}\.(?:log\.torn|summary|lost)$/;

/** Whether a file next to the logs belongs to Highwater. */
export function isTopFile(name: string): boolean {
  return topNames.has(name) || isLockAside(name);
}

/** Whether it is a temporary file of a process that takes the lock. */
export function isLockAside(name: string): boolean {
  return lockAsideForm.test(name);
}

/** Whether it is the directory of a stream: its name and creation time. */
export function isStreamName(name: string): boolean {
  return streamForm.test(name);
}

/** Whether it is the directory of a shard. */
export function isShardName(name: string): boolean {
  return shardForm.test(name);
}

/** Whether a file of a shard belongs to Highwater. */
export function isShardFile(name: string): boolean {
  return name === endName || segmentForm.test(name) || asideForm.test(name);
}

/** Whether it contains records. */
export function isSegmentName(name: string): boolean {
  return segmentForm.test(name);
}

/** Whether it marks records that a person has given up. */
export function isLostName(name: string): boolean {
  return name.endsWith('.lost') && isShardFile(name);
}

/** A segment is named by the index of its first record, so names sort like records. */
export function segmentPath(directory: string, firstIndex: number): string {
  return join(directory, `${padded(firstIndex)}.log`);
}

/** The index in the name of a segment, or of a file next to it. */
export function firstIndexOf(name: string): number {
  return Number.parseInt(name, 10);
}

/** Path of the summary of a segment. */
export function summaryPath(segment: string): string {
  return `${segment.slice(0, -'.log'.length)}.summary`;
}

/** Path of the bytes that a crash left at the end of a segment. */
export function tornPath(segment: string): string {
  return `${segment}.torn`;
}

/**
 * The file that a person creates to continue without a record and the following records in its
 * segment.
 */
export function lostPath(directory: string, index: number): string {
  return join(directory, `${padded(index)}.lost`);
}

function padded(index: number): string {
  return String(index).padStart(15, '0');
}
