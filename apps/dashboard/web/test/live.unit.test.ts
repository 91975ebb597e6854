import { visit } from './fake-browser.ts';
import { correctionOf } from './correction-of.ts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PipelineSample } from '../../src/contract.ts';
import { serverNowMs } from '../lib/clock.ts';
import {
  lastGoodMs,
  liveCorrections,
  liveState,
  pipeline,
  reconnections,
  startLive,
} from '../lib/live.ts';

/** A connection that sends what a test specifies. */
class FakeSource extends EventTarget {
  static readonly opened: FakeSource[] = [];
  readonly url: string;
  isClosed = false;

  constructor(url: string) {
    super();
    this.url = url;
    FakeSource.opened.push(this);
  }

  close(): void {
    this.isClosed = true;
  }

  say(name: string, data: unknown): void {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }));
  }
}

const nowMs = Date.UTC(2026, 0, 1);

beforeEach(() => {
  vi.useFakeTimers({ now: nowMs });
  vi.stubGlobal('EventSource', FakeSource);
  FakeSource.opened.length = 0;
  liveCorrections.value = [];
  pipeline.value = { state: null, history: [] };
  visit('/');
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** The page, with its connection open. */
function start(): FakeSource {
  startLive();
  const source = FakeSource.opened.at(-1);
  if (source === undefined) throw new Error('nothing was opened');
  source.dispatchEvent(new Event('open'));
  return source;
}

const correction = (knownAtMs: number) => correctionOf({ knownAtMs });

const sample = (atMs: number): PipelineSample => ({
  atMs,
  pointsPerSecond: null,
  rowsPerSecond: null,
  correctedPerSecond: null,
  tooLatePerSecond: null,
  behindLatestSeconds: null,
  watermarkLagSeconds: null,
});

describe('the live connection', () => {
  it('shows whether the data is live, paused, stale, or disconnected', () => {
    const source = start();
    expect(source.url).toBe('/api/live');
    source.say('tick', { atMs: nowMs + 5_000, store: 'ok', detail: null });
    expect(liveState.value).toBe('live');
    expect([serverNowMs(), lastGoodMs.value]).toEqual([nowMs + 5_000, nowMs + 5_000]);
    visit('/?live=0');
    expect(liveState.value).toBe('paused');
    source.say('tick', { atMs: nowMs + 7_000, store: 'down', detail: 'away' });
    expect(liveState.value).toBe('stale');
    expect(lastGoodMs.value).toBe(nowMs + 5_000);
    source.dispatchEvent(new Event('error'));
    expect(liveState.value).toBe('reconnecting');
  });

  it('counts its reconnects, for code that must request missed data', () => {
    const source = start();
    const before = reconnections.value;
    source.dispatchEvent(new Event('open'));
    expect(reconnections.value).toBe(before);
    source.dispatchEvent(new Event('error'));
    source.dispatchEvent(new Event('open'));
    expect(reconnections.value).toBe(before + 1);
  });

  it('opens another one after a long silence', () => {
    const source = start();
    vi.advanceTimersByTime(6_000);
    source.say('tick', { atMs: nowMs, store: 'ok', detail: null });
    vi.advanceTimersByTime(6_000);
    expect(source.isClosed).toBe(false);
    vi.advanceTimersByTime(4_000);
    expect(source.isClosed).toBe(true);
    expect(liveState.value).toBe('reconnecting');
    expect(FakeSource.opened.filter(({ isClosed }) => !isClosed)).toHaveLength(1);
  });

  it('puts new corrections before the existing ones, and keeps a limited number', () => {
    const source = start();
    source.say('corrections', [correction(2), correction(1)]);
    source.say('corrections', [correction(3)]);
    expect(liveCorrections.value.map(({ knownAtMs }) => knownAtMs)).toEqual([3, 2, 1]);
    source.say(
      'corrections',
      Array.from({ length: 299 }, (_, index) => correction(1_000 - index)),
    );
    expect(liveCorrections.value).toHaveLength(300);
    expect(liveCorrections.value.at(-1)?.knownAtMs).toBe(3);
  });

  it('adds the newest values of the services to the earlier ones', () => {
    const source = start();
    source.say('pipeline', { state: null, history: [sample(1), sample(2)] });
    source.say('pipeline', { state: null, history: [sample(3)] });
    expect(pipeline.value.history.map(({ atMs }) => atMs)).toEqual([1, 2, 3]);
    source.say('pipeline', {
      state: null,
      history: Array.from({ length: 450 }, (_, index) => sample(10 + index)),
    });
    expect(pipeline.value.history).toHaveLength(450);
    expect(pipeline.value.history[0]?.atMs).toBe(10);
  });
});
