import { join } from 'node:path';

/** A directory with this file in it is ours. */
export const markerName = 'kinesis-local.json';
export const stateName = 'state.json';
export const logsName = 'logs';
export const lockName = 'lock';
/** How far the log of a shard goes. */
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

/** Whether a file that stands beside the logs is one that we make. */
export function isTopFile(name: string): boolean {
  return topNames.has(name) || isLockAside(name);
}

/** Whether it is what a process makes while it takes the lock. */
export function isLockAside(name: string): boolean {
  return lockAsideForm.test(name);
}

/** Whether it is the directory of a stream: its name and when it was made. */
export function isStreamName(name: string): boolean {
  return streamForm.test(name);
}

/** Whether it is the directory of a shard. */
export function isShardName(name: string): boolean {
  return shardForm.test(name);
}

/** Whether a file of a shard is one that we make. */
export function isShardFile(name: string): boolean {
  return name === endName || segmentForm.test(name) || asideForm.test(name);
}

/** Whether it holds records. */
export function isSegmentName(name: string): boolean {
  return segmentForm.test(name);
}

/** Whether it stands for records that a person has given up. */
export function isLostName(name: string): boolean {
  return name.endsWith('.lost') && isShardFile(name);
}

/** A segment is named by the index of its first record, so that names sort as records do. */
export function segmentPath(directory: string, firstIndex: number): string {
  return join(directory, `${padded(firstIndex)}.log`);
}

/** The index in the name of a segment, or of what stands beside one. */
export function firstIndexOf(name: string): number {
  return Number.parseInt(name, 10);
}

/** Where the summary of a segment is. */
export function summaryPath(segment: string): string {
  return `${segment.slice(0, -'.log'.length)}.summary`;
}

/** Where bytes are that a crash left at the end of a segment. */
export function tornPath(segment: string): string {
  return `${segment}.torn`;
}

/** The file that a person makes to go on without a record and those that follow in its segment. */
export function lostPath(directory: string, index: number): string {
  return join(directory, `${padded(index)}.lost`);
}

function padded(index: number): string {
  return String(index).padStart(15, '0');
}
