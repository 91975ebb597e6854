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

it('takes one request that arrives twice for one, and one that is made again for another', async () => {
  const { events, clock, heard, stop } = listen();
  // npm passes on what the terminal has sent already.
  events.emit('SIGINT', 'SIGINT');
  await clock.advance(499);
  events.emit('SIGINT', 'SIGINT');
  expect(stop.signal.aborted).toBe(true);
  expect(heard).toEqual(['stop on SIGINT']);
  await clock.advance(1);
  events.emit('SIGTERM', 'SIGTERM');
  expect(heard).toEqual(['stop on SIGINT', 'insist on SIGTERM']);
});

it('stops with its parent, and does not take that for a second request', async () => {
  const { events, clock, heard } = listen();
  events.emit('disconnect');
  await clock.advance(1_000);
  events.emit('disconnect');
  expect(heard).toEqual(['stop on the end of the parent process']);
});

it('hears nothing once it is disposed', () => {
  const { events, heard, stop } = listen();
  stop[Symbol.dispose]();
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) events.emit(event, event);
  expect(heard).toEqual([]);
});
