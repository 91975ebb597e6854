import type { MetricSample } from '@highwater/service';

/** A process and its figures at one moment. */
export interface ServiceSample {
  readonly service: string;
  readonly url: string;
  readonly isUp: boolean;
  /** `ready`, `starting`, or why it cannot be seen. */
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

/** Looks at the services once. */
export type TakeSnapshot = (signal: AbortSignal) => Promise<Omit<PipelineSnapshot, 'atMs'>>;
