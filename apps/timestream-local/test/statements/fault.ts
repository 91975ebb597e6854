import { isForeign, messageClass } from './foreign-words.ts';
import { monotonicMs } from './monotonic.ts';
import type { ProbeCall } from './probe.ts';
import type { Outcome } from './run-one.ts';
import type { Subject, SubjectSettings } from './subject.ts';

/** The kind of harm that a statement did. */
export type FaultKind =
  /** The process ended, or a connection broke. */
  | 'crash'
  /** No answer long after the time limit. */
  | 'hang'
  /** An answer after one and a half times the time limit. */
  | 'time'
  /** More resident memory than one and a half times the limit. */
  | 'memory'
  /** Another client had to wait, or got an error of the server. */
  | 'delay'
  | 'other client'
  | 'internal error'
  | 'foreign words'
  /** The same statement returned other rows. */
  | 'other rows';

export interface Fault {
  readonly kind: FaultKind;
  readonly detail: string;
}

/** Tolerances beyond the server's own limits. */
export interface Bounds {
  /** Times the limits. */
  readonly excessMax: number;
  readonly delayMsMax: number;
}

export const strictBounds: Bounds = { excessMax: 1.5, delayMsMax: 250 };

/** The memory limit applies to each. */
const enginesCount = 2;

/** Sufficient on a machine with busy cores. A server that hangs exceeds them anyway. */
export const busyBounds: Bounds = { excessMax: 4, delayMsMax: 10_000 };

/** How long the server may be silent before it is ended, in time limits. */
export const hangLimits = 3;

/** The problem of an answer by itself. */
export function faultOfAnswer({ name, message }: Outcome): Fault | undefined {
  if (name === 'InternalServerException') return { kind: 'internal error', detail: message };
  if (name === 'no answer') {
    return { kind: message.startsWith('nothing for') ? 'hang' : 'crash', detail: message };
  }
  return isForeign(message) ? { kind: 'foreign words', detail: message } : undefined;
}

/** Whether a call took too long, not counting the time during which the machine stalled. */
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

/** Whether the server used too much memory since the last check. */
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

/** The harm done to a call of another client. */
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

/** Faults of one class count as one finding. */
export function classOf({ kind, detail }: Fault): string {
  const isOfAnswer = kind === 'foreign words' || kind === 'internal error';
  return isOfAnswer ? `${kind}: ${messageClass(detail)}` : kind;
}

/** Calls of the other clients that are old enough for all stalls to be known. */
export function takeProbeCalls(subject: Subject): readonly ProbeCall[] {
  const knownMs = monotonicMs() - 250;
  const isKnown = ({ endMs }: ProbeCall) => endMs < knownMs;
  const known = subject.probeCalls.filter(isKnown);
  subject.probeCalls = subject.probeCalls.filter((call) => !isKnown(call));
  return known;
}
