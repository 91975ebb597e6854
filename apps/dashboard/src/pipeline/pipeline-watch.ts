import type { Clock } from '@highwater/model';
import type { PipelineReply, PipelineSample, PipelineState } from '../contract.ts';
import type { PipelineSnapshot, TakeSnapshot } from './service-sample.ts';
import { corrected, rateOf, summarise, tooLate } from './summarise.ts';

/** A quarter of an hour at the default interval. */
const historySamplesMax = 450;

/** Samples the services at an interval, and keeps the last quarter of an hour. */
export class PipelineWatch {
  readonly #take: TakeSnapshot;
  readonly #clock: Clock;
  readonly #listeners = new Set<(reply: PipelineReply) => void>();
  #history: PipelineSample[] = [];
  #state: PipelineState | null = null;
  #previous: PipelineSnapshot | undefined;

  constructor(take: TakeSnapshot, clock: Clock) {
    this.#take = take;
    this.#clock = clock;
  }

  get reply(): PipelineReply {
    return { state: this.#state, history: this.#history };
  }

  /** Calls back after every sample with the state and the newest values, until it is disposed. */
  listen(listener: (reply: PipelineReply) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  /** Samples until the signal aborts. */
  async run(intervalMs: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.look(signal);
      await this.#clock.sleep(intervalMs, signal).catch(() => undefined);
    }
  }

  /** Takes one sample. */
  async look(signal: AbortSignal): Promise<void> {
    const taken = await this.#take(signal);
    if (signal.aborted) return;
    const snapshot = { ...taken, atMs: this.#clock.nowMs() };
    const previous = this.#previous;
    this.#previous = snapshot;
    this.#state = summarise(snapshot, previous);
    const sample = sampleOf(this.#state, snapshot, previous);
    this.#history = [...this.#history, sample].slice(-historySamplesMax);
    for (const listener of this.#listeners) listener({ state: this.#state, history: [sample] });
  }
}

function sampleOf(
  { atMs, edges, shards }: PipelineState,
  snapshot: PipelineSnapshot,
  previous: PipelineSnapshot | undefined,
): PipelineSample {
  const edge = (from: string, to: string) =>
    edges.find((each) => each.from === from && each.to === to)?.perSecond ?? null;
  const behind = shards.flatMap(({ behindLatestSeconds }) => behindLatestSeconds ?? []);
  const watermarks = shards
    .filter(({ service }) => service === 'aggregator')
    .flatMap(({ watermarkMs }) => watermarkMs ?? []);
  return {
    atMs,
    pointsPerSecond: edge('raw-writer', 'store'),
    rowsPerSecond: edge('upsert-writer', 'store'),
    correctedPerSecond: rateOf(snapshot, previous, corrected),
    tooLatePerSecond: rateOf(snapshot, previous, tooLate),
    behindLatestSeconds: behind.length > 0 ? Math.max(...behind) : null,
    watermarkLagSeconds:
      watermarks.length > 0 ? Math.max(0, (atMs - Math.min(...watermarks)) / 1000) : null,
  };
}
