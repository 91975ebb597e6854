import type { IncomingMessage, ServerResponse } from 'node:http';
import { BodyError } from './errors.ts';
import type { FrontDoorLimits } from './limits.ts';

/**
 * A body up to this size is always read, however much the others take, so that small calls always
 * work.
 */
const freeBytes = 64 * 1024;

/** How a request signals that it will never be complete. */
const endings = ['aborted', 'error', 'close'];

interface Reading {
  readonly startedMs: number;
  readonly refuse: (error: BodyError) => void;
}

/**
 * Reads the bodies of a port's requests, within one budget of bytes for all of them. A body takes
 * space as its bytes arrive, and frees it when its request is answered. When no space is left, the
 * body that has been arriving for longest is rejected in favor of the new one, if it has had its
 * time (`bodyGraceMs`). Otherwise, the new one is rejected. So bodies that never end block others
 * only for a short time.
 */
export class Bodies {
  readonly #limits: FrontDoorLimits;
  /** In the order in which they started. */
  readonly #reading = new Set<Reading>();
  #heldBytes = 0;

  constructor(limits: FrontDoorLimits) {
    this.#limits = limits;
  }

  /** The space that all bodies use beyond the first 64 KiB of each. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /**
   * Reads a whole body. After an error, the rest of the body is read and dropped, so that the
   * client gets the answer.
   *
   * @throws {BodyError} when it is too large, too slow, or aborted, or when there is no space for
   * it
   */
  read(request: IncomingMessage, response: ServerResponse, bytesMax: number): Promise<Buffer> {
    if (request.destroyed) return Promise.reject(new BodyError('broken_off', { bytesMax }));
    const declaredBytes = Number(request.headers['content-length'] ?? 0);
    if (declaredBytes > bytesMax) {
      request.resume();
      return Promise.reject(new BodyError('too_large', { bytesMax, bytes: declaredBytes }));
    }
    return this.#collect(request, response, bytesMax);
  }

  #collect(request: IncomingMessage, response: ServerResponse, bytesMax: number): Promise<Buffer> {
    const { bodyStallMs, bodyMs } = this.#limits;
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    const chunks: Buffer[] = [];
    let bytes = 0;
    let takenBytes = 0;
    const release = () => {
      this.#heldBytes -= takenBytes;
      takenBytes = 0;
    };
    const stop = () => {
      clearTimeout(stall);
      clearTimeout(whole);
      this.#reading.delete(reading);
      request.off('data', onData).off('end', onEnd);
      for (const event of endings) request.off(event, onBroken);
    };
    const refuse = (error: BodyError) => {
      stop();
      release();
      chunks.length = 0;
      // An error of a stream without a listener would end the process.
      request.on('error', () => undefined);
      request.resume();
      reject(error);
    };
    const onData = (chunk: Buffer) => {
      stall.refresh();
      bytes += chunk.length;
      if (bytes > bytesMax) return refuse(new BodyError('too_large', { bytesMax }));
      const moreBytes = Math.max(0, bytes - freeBytes) - takenBytes;
      if (!this.#hasRoom(moreBytes, reading)) return refuse(new BodyError('no_room', { bytesMax }));
      this.#heldBytes += moreBytes;
      takenBytes += moreBytes;
      chunks.push(chunk);
    };
    const onEnd = () => {
      stop();
      response.once('close', release);
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, bytes));
    };
    const onBroken = () => refuse(new BodyError('broken_off', { bytesMax }));
    const onSlow = () => refuse(new BodyError('too_slow', { bytesMax }));
    const stall = setTimeout(onSlow, bodyStallMs);
    const whole = setTimeout(onSlow, bodyMs);
    const reading: Reading = { startedMs: performance.now(), refuse };
    this.#reading.add(reading);
    request.on('data', onData).on('end', onEnd);
    for (const event of endings) request.on(event, onBroken);
    return promise;
  }

  /** Whether this many more bytes fit. If necessary, rejects other bodies for them. */
  #hasRoom(bytes: number, own: Reading): boolean {
    const { bodiesBytesMax, bodyGraceMs } = this.#limits;
    const hadItsTimeMs = performance.now() - bodyGraceMs;
    for (const reading of this.#reading) {
      if (this.#heldBytes + bytes <= bodiesBytesMax) return true;
      if (reading === own || reading.startedMs > hadItsTimeMs) break;
      reading.refuse(new BodyError('no_room', {}));
    }
    return this.#heldBytes + bytes <= bodiesBytesMax;
  }
}
