import { systemClock } from '@highwater/service';
import type { Socket } from 'node:net';

const piece = Buffer.alloc(64 * 1024, ' ');

/** Sends this many blanks, as fast as they are accepted; fewer when the connection is closed. */
export async function sendBlanks(socket: Socket, bytes: number): Promise<void> {
  for (let left = bytes; left > 0 && !socket.destroyed; left -= piece.length) {
    await write(socket, piece.subarray(0, left));
  }
}

/** Sends a chunk, and waits until there is room for the next one. */
export async function write(socket: Socket, chunk: string | Uint8Array): Promise<void> {
  if (socket.destroyed || socket.write(chunk)) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    socket.on('drain', done).on('close', done);
  });
}

/** Sends a text byte by byte, with a pause after each, until the connection is closed. */
export async function drip(socket: Socket, text: string, pauseMs: number): Promise<void> {
  for (const byte of text) {
    if (socket.destroyed || socket.writableEnded) return;
    socket.write(byte);
    await systemClock.sleep(pauseMs);
  }
}
