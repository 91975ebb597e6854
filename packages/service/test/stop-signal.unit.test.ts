import { SimulatedClock } from '@highwater/testkit';
import { EventEmitter } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { listenForStop } from '../src/stop-signal.ts';

function listen() {
  const events = new EventEmitter();
  const clock = new SimulatedClock();
  const heard: string[] = [];
  const stop = listenForStop(
    {
      onStop: (cause) => heard.push(`stop on ${cause}`),
      onInsist: (cause) => heard.push(`insist on ${cause}`),
    },
    { events, clock },
  );
  onTestFinished(() => stop[Symbol.dispose]());
  return { events, clock, heard, stop };
}

it('treats a request that arrives twice as one, but a later one as a second request', async () => {
  const { events, clock, heard, stop } = listen();
  // A duplicate of the terminal's signal, forwarded by npm.
  events.emit('SIGINT', 'SIGINT');
  await clock.advance(499);
  events.emit('SIGINT', 'SIGINT');
  expect(stop.signal.aborted).toBe(true);
  expect(heard).toEqual(['stop on SIGINT']);
  await clock.advance(1);
  events.emit('SIGTERM', 'SIGTERM');
  expect(heard).toEqual(['stop on SIGINT', 'insist on SIGTERM']);
});

it('stops with its parent, and does not count that as a second request', async () => {
  const { events, clock, heard } = listen();
  events.emit('disconnect');
  await clock.advance(1_000);
  events.emit('disconnect');
  expect(heard).toEqual(['stop on the end of the parent process']);
});

it('ignores requests after it is disposed', () => {
  const { events, heard, stop } = listen();
  stop[Symbol.dispose]();
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) events.emit(event, event);
  expect(heard).toEqual([]);
});
