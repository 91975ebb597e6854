import { computed, signal } from '@preact/signals';
import type { Correction, LiveEvents, LiveTick, PipelineReply } from '../../src/contract.ts';
import { setServerTime } from './clock.ts';
import { place, show } from './url-state.ts';

/** Maximum corrections in a list. */
const correctionsMax = 300;
const historyMax = 450;
/** Without news for this long, the shown data is stale. */
const silentMs = 8_000;

const connection = signal<'opening' | 'open' | 'lost'>('opening');

/** How often the page was disconnected and reconnected. It has missed the events in between. */
export const reconnections = signal(0);

/** The last sign of life. */
export const tick = signal<LiveTick | null>(null);

/** The last known state of the services. */
export const pipeline = signal<PipelineReply>({ state: null, history: [] });

/** Corrections that arrived while the page was open, newest first. */
export const liveCorrections = signal<readonly Correction[]>([]);

export const isPaused = computed(() => place.value.query.get('live') === '0');

/** The freshness of the shown data. */
export const liveState = computed<'connecting' | 'live' | 'paused' | 'reconnecting' | 'stale'>(
  () => {
    if (connection.value === 'opening') return 'connecting';
    if (connection.value === 'lost') return 'reconnecting';
    if (tick.value?.store === 'down') return 'stale';
    return isPaused.value ? 'paused' : 'live';
  },
);

/** When the store last answered. */
export const lastGoodMs = signal(0);

/** Pauses the page, or resumes it. */
export function togglePause(): void {
  show({ live: isPaused.peek() ? null : '0' });
}

/** Connects for as long as the page is open. The browser reconnects by itself. */
export function startLive(): void {
  let heardMs = Date.now();
  const heard = () => {
    heardMs = Date.now();
    if (connection.peek() === 'lost') reconnections.value += 1;
    connection.value = 'open';
  };
  const connect = (): EventSource => {
    const opened = new EventSource('/api/live');
    opened.addEventListener('open', heard);
    opened.addEventListener('error', () => {
      connection.value = 'lost';
    });
    on(opened, 'tick', (news) => {
      heard();
      setServerTime(news.atMs);
      if (news.store === 'ok') lastGoodMs.value = news.atMs;
      tick.value = news;
    });
    on(opened, 'pipeline', ({ state, history }) => {
      heard();
      const known = pipeline.peek().history;
      pipeline.value = { state, history: [...known, ...history].slice(-historyMax) };
    });
    on(opened, 'corrections', (news) => {
      liveCorrections.value = [...news, ...liveCorrections.peek()].slice(0, correctionsMax);
    });
    return opened;
  };
  let source = connect();
  setInterval(() => {
    if (Date.now() - heardMs < silentMs) return;
    connection.value = 'lost';
    // A browser stops retrying after some errors, and a sleeping machine loses connections
    // silently.
    source.close();
    source = connect();
    heardMs = Date.now();
  }, 2_000);
}

function on<Name extends keyof LiveEvents>(
  source: EventSource,
  name: Name,
  hear: (data: LiveEvents[Name]) => void,
): void {
  source.addEventListener(name, (event: MessageEvent<string>) => {
    hear(JSON.parse(event.data) as LiveEvents[Name]);
  });
}
