import type { Clock } from '@highwater/model';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Finding } from './finding.ts';

/** How far this machine's clock is ahead of a server's, at least and at most, ms. */
export interface ClockOffset {
  readonly atLeastMs: number;
  readonly atMostMs: number;
}

/** AWS rejects signatures that are off by five minutes. */
const failMs = 300_000;
/** The error that a second server or a slow reply may add to the whole seconds of a Date header. */
const warnMs = 2_000;

/**
 * Compares this machine's clock with the `Date` of every HTTP reply that this process receives
 * while this is open. A header has whole seconds, so one reply gives a wide range, and each further
 * one narrows it down.
 */
export class ServerClocks implements Disposable {
  readonly #clock: Clock;
  readonly #sentMs = new WeakMap<ClientRequest, number>();
  readonly #offsets = new Map<string, ClockOffset>();

  constructor(clock: Clock) {
    this.#clock = clock;
    subscribe('http.client.request.start', this.#onRequest);
    subscribe('http.client.response.finish', this.#onResponse);
  }

  /**
   * One finding for all servers, because a clock that differs from one differs from all that are
   * right.
   */
  findings(): readonly Finding[] {
    const what = 'clock';
    if (this.#offsets.size === 0) {
      const found = 'the clock cannot be checked, because no server sent its time';
      return [
        { what, verdict: 'warn', found, fix: 'fix the checks that failed, and run doctor again' },
      ];
    }
    return [...this.#offsets].map(([host, offset]) => judgeOffset(`clock, by ${host}`, offset));
  }

  [Symbol.dispose](): void {
    unsubscribe('http.client.request.start', this.#onRequest);
    unsubscribe('http.client.response.finish', this.#onResponse);
  }

  readonly #onRequest = (message: unknown): void => {
    const { request } = message as { readonly request: ClientRequest };
    this.#sentMs.set(request, this.#clock.nowMs());
  };

  readonly #onResponse = (message: unknown): void => {
    const { request, response } = message as {
      readonly request: ClientRequest;
      readonly response: IncomingMessage;
    };
    const serverMs = Date.parse(response.headers.date ?? '');
    const sentMs = this.#sentMs.get(request);
    if (Number.isNaN(serverMs) || sentMs === undefined) return;
    const host = String(request.getHeader('host'));
    const before = this.#offsets.get(host);
    // The server wrote its date after the request was sent, within the second that it names.
    const atLeastMs = sentMs - (serverMs + 1_000);
    const atMostMs = this.#clock.nowMs() - serverMs;
    this.#offsets.set(host, {
      atLeastMs: Math.max(atLeastMs, before?.atLeastMs ?? atLeastMs),
      atMostMs: Math.min(atMostMs, before?.atMostMs ?? atMostMs),
    });
  };
}

/** Explains the effect of an offset on the services. */
export function judgeOffset(what: string, { atLeastMs, atMostMs }: ClockOffset): Finding {
  const isAhead = atLeastMs > 0;
  const offMs = Math.max(0, atLeastMs, -atMostMs);
  if (offMs < warnMs) {
    const boundMs = Math.max(Math.abs(atLeastMs), Math.abs(atMostMs));
    return { what, verdict: 'ok', found: `within ${seconds(boundMs)} s of the server` };
  }
  const found = `the clock of this machine is ${seconds(offMs)} s ${isAhead ? 'ahead' : 'behind'}`;
  const harm =
    offMs >= failMs
      ? 'AWS rejects its requests'
      : 'windows of quiet shards close at the wrong time';
  const fix = `set this machine's clock (NTP: chrony or systemd-timesyncd); until then, ${harm}`;
  return { what, verdict: offMs >= failMs ? 'fail' : 'warn', found, fix };
}

function seconds(durationMs: number): string {
  return (Math.ceil(durationMs / 100) / 10).toLocaleString('en-US');
}
