import type { FrontDoorLimits } from '@highwater/service/front-door';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { residentBytes } from '../../apps/timestream-local/test/resident-bytes.ts';
import type { DoorPorts } from './serve-doors.ts';

/** One port, as a client without any library sees it. */
export interface Door {
  readonly name: string;
  readonly port: number;
  readonly isTls: boolean;
  /** A call that costs next to nothing. */
  readonly cheap: Call;
  /** The same, with a body. */
  readonly withBody: Call;
  /** The largest body that it takes, bytes; absent where it reads none. */
  readonly bodyBytesMax: number | undefined;
  /** How it answers a body that is larger. */
  readonly tooLarge: number;
  /** The setting of its names. */
  readonly setting: string;
  /** How web pages may use it. */
  readonly pages: 'none' | 'own';
  open(): Promise<Socket>;
}

/** What is sent, but for its Host. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A process that serves every kind of port. */
export interface Doors extends AsyncDisposable {
  readonly doors: readonly Door[];
  readonly kinesisPort: number;
  readonly dashboardPort: number;
  readonly healthPort: number;
  /** What it has logged as a warning or an error. */
  readonly complaints: readonly unknown[];
  residentBytes(): number;
}

/** Starts the process; its ports answer. */
export async function startDoors(limits: Partial<FrontDoorLimits> = {}): Promise<Doors> {
  const child = fork(join(import.meta.dirname, 'serve-doors.ts'), [JSON.stringify(limits)]);
  const complaints: unknown[] = [];
  const started = Promise.withResolvers<DoorPorts>();
  child.on('message', (message: { readonly ports?: DoorPorts }) => {
    if (message.ports === undefined) complaints.push(message);
    else started.resolve(message.ports);
  });
  const exited = once(child, 'exit');
  void exited.then(([code]) => started.reject(new Error(`the process ended with ${code}`)));
  const ports = await started.promise;
  return {
    doors: doorsAt(ports),
    kinesisPort: ports.kinesis,
    dashboardPort: ports.dashboard,
    healthPort: ports.health,
    complaints,
    residentBytes: () => residentBytes(child.pid ?? 0),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

const json = 'application/json';

function doorsAt(ports: DoorPorts): readonly Door[] {
  const kinesis = {
    port: ports.kinesis,
    cheap: post({ 'x-amz-target': 'Kinesis_20131202.ListStreams' }, 'application/x-amz-json-1.1'),
    bodyBytesMax: 16 * 2 ** 20,
    tooLarge: 400,
    setting: 'HW_KINESIS_LOCAL_HOST_NAMES',
    pages: 'none',
  } as const;
  const timestream = {
    port: ports.timestream,
    cheap: post(
      { 'x-amz-target': 'Timestream_20181101.ListDatabases' },
      'application/x-amz-json-1.0',
    ),
    bodyBytesMax: 2 * 2 ** 20,
    tooLarge: 413,
    setting: 'HW_TIMESTREAM_LOCAL_HOST_NAMES',
    pages: 'none',
  } as const;
  const get = (path: string) => ({ method: 'GET', path, headers: {}, body: '' });
  return [
    { name: 'kinesis-local', isTls: false, ...kinesis, withBody: kinesis.cheap },
    { name: 'kinesis-local within TLS', isTls: true, ...kinesis, withBody: kinesis.cheap },
    { name: 'timestream-local', isTls: false, ...timestream, withBody: timestream.cheap },
    { name: 'timestream-local within TLS', isTls: true, ...timestream, withBody: timestream.cheap },
    {
      name: 'the dashboard',
      isTls: false,
      port: ports.dashboard,
      cheap: get('/api/info'),
      withBody: { ...post({}, json), path: '/api/dead-letters' },
      bodyBytesMax: 131_072,
      tooLarge: 413,
      setting: 'HW_DASHBOARD_HOST_NAMES',
      pages: 'own' as const,
    },
    {
      name: 'a health port',
      isTls: false,
      port: ports.health,
      cheap: get('/livez'),
      withBody: { ...post({}, json), path: '/nothing' },
      bodyBytesMax: undefined,
      tooLarge: 404,
      setting: 'HW_HTTP_HOST_NAMES',
      pages: 'own' as const,
    },
  ].map((door) => ({ ...door, open: () => open(door) }));
}

function post(headers: Readonly<Record<string, string>>, contentType: string): Call {
  return {
    method: 'POST',
    path: '/',
    headers: { ...headers, 'content-type': contentType },
    body: '{}',
  };
}

async function open({ port, isTls }: Pick<Door, 'port' | 'isTls'>): Promise<Socket> {
  const host = '127.0.0.1';
  const socket = isTls
    ? connectTls({ host, port, rejectUnauthorized: false })
    : connect(port, host);
  // However a connection ends, the tests check what was received before.
  socket.on('error', () => undefined);
  await Promise.race([once(socket, isTls ? 'secureConnect' : 'connect'), once(socket, 'close')]);
  return socket;
}
