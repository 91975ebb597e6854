import type { MetricSample } from '@highwater/service';

/** The metrics of a process at one moment. */
export interface ServiceSample {
  readonly service: string;
  readonly url: string;
  readonly isUp: boolean;
  /** `ready`, `starting`, or the reason why it cannot be reached. */
  readonly detail: string;
  readonly samples: readonly MetricSample[];
}

/** All processes at one moment. */
export interface PipelineSnapshot {
  readonly atMs: number;
  readonly source: 'scrape' | 'prometheus' | 'none';
  readonly problem: string | null;
  readonly services: readonly ServiceSample[];
}

/** Samples all services once. */
export type TakeSnapshot = (signal: AbortSignal) => Promise<Omit<PipelineSnapshot, 'atMs'>>;
