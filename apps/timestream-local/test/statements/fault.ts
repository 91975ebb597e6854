import { isForeign, messageClass } from './foreign-words.ts';
import { monotonicMs } from './monotonic.ts';
import type { ProbeCall } from './probe.ts';
import type { Outcome } from './run-one.ts';
import type { Subject, SubjectSettings } from './subject.ts';

/** In which way a statement did harm. */
export type FaultKind =
  /** The process ended, or a connection broke. */
  | 'crash'
  /** No answer long after the time limit. */
  | 'hang'
  /** An answer after one and a half times the time limit. */
  | 'time'
  /** More resident memory than one and a half times the limit. */
  | 'memory'
  /** Another client waited, or got an error of the server's. */
  | 'delay'
  | 'other client'
  | 'internal error'
  | 'foreign words'
  /** The same statement gave other rows. */
  | 'other rows';

export interface Fault {
  readonly kind: FaultKind;
  readonly detail: string;
}

/** What is allowed beyond the server's own limits. */
export interface Bounds {
  /** Times the limits. */
  readonly excessMax: number;
  readonly delayMsMax: number;
}

export const strictBounds: Bounds = { excessMax: 1.5, delayMsMax: 250 };

/** The limit of memory is that of each. */
const enginesCount = 2;

/** What a machine whose cores are busy keeps; a server that stands still is beyond them all the same. */
export const busyBounds: Bounds = { excessMax: 4, delayMsMax: 10_000 };

/** How long nothing has to come before the server is ended, in time limits. */
export const hangLimits = 3;

/** What is wrong with an answer by itself. */
export function faultOfAnswer({ name, message }: Outcome): Fault | undefined {
  if (name === 'InternalServerException') return { kind: 'internal error', detail: message };
  if (name === 'no answer') {
    return { kind: message.startsWith('nothing for') ? 'hang' : 'crash', detail: message };
  }
  return isForeign(message) ? { kind: 'foreign words', detail: message } : undefined;
}

/** Whether a call took too long, not counting when the machine stood still. */
export function faultOfTime(
  { longest: { startMs, endMs } }: Outcome,
  subject: Subject,
  { timeLimitMs }: SubjectSettings,
  { excessMax }: Bounds,
): Fault | undefined {
  const tookMs = subject.stalls.withoutStalls(startMs, endMs);
  if (tookMs <= timeLimitMs * excessMax) return undefined;
  return { kind: 'time', detail: `answered after ${Math.round(tookMs)} ms` };
}

/** Whether the server took too much memory since this was last asked. */
export function faultOfMemory(
  subject: Subject,
  { memoryBytesMax }: SubjectSettings,
  { excessMax }: Bounds,
): Fault | undefined {
  const { residentBytesMax, baseBytes } = subject;
  if (residentBytesMax <= baseBytes + enginesCount * memoryBytesMax * excessMax) return undefined;
  const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20);
  const detail = `${mebibytes(residentBytesMax)} MiB resident, ${mebibytes(baseBytes)} before`;
  return { kind: 'memory', detail };
}

/** What a call of another client suffered. */
export function faultOfProbe(
  { what, startMs, endMs, status, message }: ProbeCall,
  subject: Subject,
  { delayMsMax }: Bounds,
): Fault | undefined {
  if (status >= 500) return { kind: 'other client', detail: `${what}: ${status} ${message}` };
  const tookMs = subject.stalls.withoutStalls(startMs, endMs);
  if (tookMs <= delayMsMax) return undefined;
  return { kind: 'delay', detail: `${what} waited ${Math.round(tookMs)} ms` };
}

/** Faults of one class are one find. */
export function classOf({ kind, detail }: Fault): string {
  const isOfAnswer = kind === 'foreign words' || kind === 'internal error';
  return isOfAnswer ? `${kind}: ${messageClass(detail)}` : kind;
}

/** Calls of the other clients that are long enough ago for all stalls to be known. */
export function takeProbeCalls(subject: Subject): readonly ProbeCall[] {
  const knownMs = monotonicMs() - 250;
  const isKnown = ({ endMs }: ProbeCall) => endMs < knownMs;
  const known = subject.probeCalls.filter(isKnown);
  subject.probeCalls = subject.probeCalls.filter((call) => !isKnown(call));
  return known;
}
