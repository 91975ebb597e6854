import { PassThrough } from 'node:stream';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { Bodies, frontDoorLimits, type FrontDoorLimits } from '../../src/front-door/index.ts';

const kib = 1024;
const bytesMax = 1_024 * kib;

/** A hand-made request. */
function requestTo(bodies: Bodies, headers: Record<string, string> = {}) {
  const request = Object.assign(new PassThrough({ highWaterMark: 16 * bytesMax }), { headers });
  const response = new PassThrough();
  const body = bodies.read(
    request as unknown as IncomingMessage,
    response as unknown as ServerResponse,
    bytesMax,
  );
  const outcome = body.then(
    (read) => read.length,
    (error: { problem?: string }) => error.problem,
  );
  const send = async (bytes: number) => {
    request.write(Buffer.alloc(bytes));
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { request, response, outcome, send };
}

const bodiesWith = (limits: Partial<FrontDoorLimits>) =>
  new Bodies({ ...frontDoorLimits, ...limits });

describe('Bodies', () => {
  it('frees space when a request is answered, not when it is read', async () => {
    const bodies = bodiesWith({});
    const { request, response, outcome, send } = requestTo(bodies);
    await send(100 * kib);
    expect(bodies.heldBytes).toBe(36 * kib);
    request.end();
    expect(await outcome).toBe(100 * kib);
    expect(bodies.heldBytes).toBe(36 * kib);
    response.destroy();
    await expect.poll(() => bodies.heldBytes).toBe(0);
  });

  it.each([{ headers: { 'content-length': String(bytesMax + 1) } }, { headers: {} }])(
    'rejects a body that is too large, whether it is announced or not: $headers',
    async ({ headers }) => {
      const bodies = bodiesWith({});
      const { outcome, send, request } = requestTo(bodies, headers);
      await send(bytesMax + 1);
      expect(await outcome).toBe('too_large');
      expect(bodies.heldBytes).toBe(0);
      // The rest is read and dropped.
      await send(bytesMax);
      expect(request.readableLength).toBe(0);
    },
  );

  it('rejects a new body while the others have not had their time', async () => {
    const bodies = bodiesWith({ bodiesBytesMax: 200 * kib, bodyGraceMs: 60_000 });
    const first = requestTo(bodies);
    await first.send(200 * kib);
    const second = requestTo(bodies);
    await second.send(200 * kib);
    expect(await second.outcome).toBe('no_room');
    first.request.end();
    expect(await first.outcome).toBe(200 * kib);
  });

  it('rejects the oldest body for a new one after it has had its time, and always accepts 64 KiB', async () => {
    const bodies = bodiesWith({ bodiesBytesMax: 200 * kib, bodyGraceMs: 0 });
    const first = requestTo(bodies);
    await first.send(200 * kib);
    const small = requestTo(bodies);
    await small.send(64 * kib);
    const second = requestTo(bodies);
    await second.send(200 * kib);
    expect(await first.outcome).toBe('no_room');
    expect(bodies.heldBytes).toBe(136 * kib);
    for (const each of [small, second]) each.request.end();
    expect(await Promise.all([small.outcome, second.outcome])).toEqual([64 * kib, 200 * kib]);
  });

  it('rejects a body that pauses too long, and a body that never ends', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const bodies = bodiesWith({ bodyStallMs: 100, bodyMs: 1_000 });
      const silent = requestTo(bodies);
      vi.advanceTimersByTime(101);
      expect(await silent.outcome).toBe('too_slow');
      const slow = requestTo(bodies);
      for (let passedMs = 0; passedMs <= 1_000; passedMs += 50) {
        await slow.send(1);
        vi.advanceTimersByTime(50);
      }
      expect(await slow.outcome).toBe('too_slow');
    } finally {
      vi.useRealTimers();
    }
  });

  it.each(['before', 'while'])(
    'reports whether a client disconnected %s it was read',
    async (when) => {
      const bodies = bodiesWith({});
      if (when === 'before') {
        const request = Object.assign(new PassThrough(), { headers: {} });
        request.destroy();
        const read = bodies.read(
          request as unknown as IncomingMessage,
          new PassThrough() as unknown as ServerResponse,
          bytesMax,
        );
        await expect(read).rejects.toMatchObject({ problem: 'broken_off' });
        return;
      }
      const { request, outcome, send } = requestTo(bodies);
      await send(100 * kib);
      request.destroy();
      expect(await outcome).toBe('broken_off');
      expect(bodies.heldBytes).toBe(0);
    },
  );
});
