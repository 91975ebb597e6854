import type { Socket } from 'node:net';
import type { Call, Door } from './doors.ts';

/** An answer as it came. */
export interface Answer {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
}

/** Headers that override those of a call; a list is sent as several. */
export type MoreHeaders = Readonly<Record<string, string | readonly string[]>>;

/** The head of a request, with its blank line. Without a Host among the headers it is the right one. */
export function headOf(door: Door, call: Call, more: MoreHeaders = {}): string {
  const headers = {
    host: `127.0.0.1:${door.port}`,
    ...call.headers,
    ...(call.body !== '' && { 'content-length': String(call.body.length) }),
    ...more,
  };
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((each) => `${name}: ${each}\r\n`),
  );
  return `${call.method} ${call.path} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

/** Sends a request on a connection of its own, and gives back the answer. */
export async function ask(door: Door, call: Call, more?: MoreHeaders): Promise<Answer> {
  const socket = await door.open();
  const answers = answersOn(socket);
  socket.write(headOf(door, call, more) + call.body);
  const { value } = await answers.next();
  socket.destroy();
  if (value === undefined) throw new Error(`${door.name} closed without an answer`);
  return value;
}

/** The answers that come on a connection, until it is closed. */
export async function* answersOn(socket: Socket): AsyncGenerator<Answer, undefined> {
  let text = '';
  for await (const chunk of chunksOf(socket)) {
    text += chunk;
    for (let found = firstAnswer(text); found !== undefined; found = firstAnswer(text)) {
      text = text.slice(found.length);
      yield found.answer;
    }
  }
  return undefined;
}

/** Resolves when a connection is closed, with all that came on it. */
export async function untilClosed(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of chunksOf(socket)) text += chunk;
  return text;
}

/** The statuses of the answers in what came on a connection. */
export function statusesIn(text: string): readonly number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));
}

async function* chunksOf(socket: Socket): AsyncGenerator<string> {
  const chunks: string[] = [];
  let wake = Promise.withResolvers<void>();
  let isClosed = socket.destroyed;
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk.toString('latin1'));
    wake.resolve();
  });
  for (const event of ['end', 'close']) {
    socket.on(event, () => {
      isClosed = true;
      wake.resolve();
    });
  }
  for (;;) {
    const chunk = chunks.shift();
    if (chunk !== undefined) yield chunk;
    else if (isClosed) return;
    else {
      await wake.promise;
      wake = Promise.withResolvers();
    }
  }
}

function firstAnswer(text: string): { answer: Answer; length: number } | undefined {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const headers = text.slice(0, headEnd).toLowerCase();
  const status = Number(headers.slice(9, 12));
  const bodyStart = headEnd + 4;
  const bodyLength = Number(/\ncontent-length: *(\d+)/.exec(headers)?.[1] ?? 0);
  const length = bodyStart + bodyLength;
  if (text.length < length) return undefined;
  return { answer: { status, headers, body: text.slice(bodyStart, length) }, length };
}
