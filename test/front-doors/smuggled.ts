import type { Door } from './doors.ts';
import { headOf } from './raw-http.ts';

/** A request that two servers in a row might cut differently. */
export interface Smuggled {
  readonly what: string;
  readonly send: (door: Door) => string;
  /** The statuses of all answers until the connection is closed, each list that is right. */
  readonly statuses: readonly (readonly number[])[];
}

const refused = [[400]];
const none = [[]];
const hidden = 'GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n';
const postWith = (headers: string, body: string) => () =>
  `POST / HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n\r\n${body}`;

/** Every case must come to one answer that refuses, or to none: nothing hidden is answered. */
export const smuggled: readonly Smuggled[] = [
  {
    what: 'both a length and chunks',
    send: postWith('Content-Length: 5\r\nTransfer-Encoding: chunked', `0\r\n\r\n${hidden}`),
    statuses: refused,
  },
  {
    what: 'two lengths',
    send: postWith('Content-Length: 5\r\nContent-Length: 6', `12345${hidden}`),
    statuses: refused,
  },
  {
    what: 'a line that ends without a carriage return',
    send: () => `GET /livez HTTP/1.1\nHost: localhost\n\n${hidden}`,
    statuses: refused,
  },
  {
    what: 'a header that goes on in the next line',
    send: postWith('Transfer-Encoding:\r\n chunked', `0\r\n\r\n${hidden}`),
    statuses: refused,
  },
  {
    what: 'a space before the colon',
    send: postWith('Transfer-Encoding : chunked', `0\r\n\r\n${hidden}`),
    statuses: refused,
  },
  {
    what: 'a coding that is not chunked',
    send: postWith('Transfer-Encoding: chunked, identity', `0\r\n\r\n${hidden}`),
    statuses: refused,
  },
  {
    what: 'a chunk whose length is no number',
    send: postWith('Transfer-Encoding: chunked', `0x5\r\nhello\r\n0\r\n\r\n${hidden}`),
    statuses: refused,
  },
  {
    what: 'a zero byte in a header',
    send: postWith('X-A: a\0b', ''),
    statuses: refused,
  },
  {
    what: 'no Host',
    send: () => `GET /livez HTTP/1.1\r\n\r\n`,
    statuses: refused,
  },
  {
    what: 'two hosts',
    send: (door) =>
      headOf(door, { ...door.cheap, body: '' }, { host: ['localhost', 'evil.example'] }),
    statuses: [[400], [421]],
  },
  {
    what: 'CONNECT',
    send: () => `CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n${hidden}`,
    statuses: [[400], ...none],
  },
  {
    what: 'HTTP/2 within HTTP/1.1',
    send: (door) =>
      headOf(
        door,
        { ...door.cheap, body: '' },
        {
          host: 'evil.example',
          connection: 'Upgrade, HTTP2-Settings',
          upgrade: 'h2c',
          'http2-settings': 'AAMAAABkAARAAAAAAAIAAAAA',
        },
      ),
    statuses: [[421], ...none],
  },
];
