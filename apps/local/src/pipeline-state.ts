import type { Clock } from '@highwater/model';
import { parseMetrics, type MetricSample } from '@highwater/service';
import { sumOf, valuesOf } from './metric-values.ts';
import type { RunningService } from './stack.ts';

/** The progress of the pipeline, from the metrics of its services. */
export interface PipelineState {
  /** Monotonic, for rates. */
  readonly atMs: number;
  /** Wall clock, for lag. */
  readonly nowMs: number;
  readonly pointsRead: number;
  readonly pointsStored: number;
  /** The watermark that is furthest behind; undefined before the first point. */
  readonly watermarkMs?: number | undefined;
  readonly rowsWritten: number;
  readonly rowsCorrected: number;
  /** Points that were too late for all of their windows. */
  readonly pointsTooLate: number;
  /** Points that were included in some windows, but too late for others. */
  readonly pointsPartlyTooLate: number;
  readonly deadLetters: number;
}

const scrapeTimeoutMs = 2_000;
const latePoints = 'aggregator_late_points_total';

/**
 * Asks every service. A service that does not answer (it may be restarting) contributes nothing.
 */
export async function readPipelineState(
  services: readonly RunningService[],
  clock: Clock,
): Promise<PipelineState> {
  const scrapes = await Promise.all(services.map(({ opsUrl }) => scrape(`${opsUrl}/metrics`)));
  const samples = scrapes.flat();
  const watermarks = valuesOf(samples, 'aggregator_watermark_timestamp_seconds');
  return {
    atMs: clock.monotonicMs(),
    nowMs: clock.nowMs(),
    pointsRead: sumOf(samples, 'aggregator_points_total'),
    pointsStored: sumOf(samples, 'raw_writer_points_total', { outcome: 'written' }),
    watermarkMs: watermarks.length === 0 ? undefined : Math.min(...watermarks) * 1_000,
    rowsWritten: sumOf(samples, 'upsert_writer_rows_total', { outcome: 'created' }),
    rowsCorrected: sumOf(samples, 'upsert_writer_rows_total', { outcome: 'corrected' }),
    pointsTooLate: sumOf(samples, latePoints, { outcome: 'too_late' }),
    pointsPartlyTooLate: sumOf(samples, latePoints, { outcome: 'partly_too_late' }),
    deadLetters: sumOf(samples, 'highwater_dead_letters_total'),
  };
}

async function scrape(url: string): Promise<readonly MetricSample[]> {
  try {
    const reply = await fetch(url, { signal: AbortSignal.timeout(scrapeTimeoutMs) });
    return parseMetrics(await reply.text());
  } catch {
    return [];
  }
}
