import {
  Bodies,
  createFrontDoor,
  frontDoorLimits,
  listen,
  type FrontDoorLimits,
  type Listener,
  type TlsFiles,
} from '@highwater/service/front-door';
import type { Api } from './api.ts';
import type { BodyFormat } from './body-format.ts';
import { serveCall } from './serve-call.ts';

/** Where an API is served, and how. */
export interface ApiDoor {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** The setting of the port, for the message when the port is taken. */
  readonly portVariable: string;
  /** Also serves TLS, on the same port. */
  readonly tls?: TlsFiles | undefined;
  /** Also serves HTTP/2, on the same port. @default false */
  readonly hasHttp2?: boolean | undefined;
  /** Limits on connections and bodies. */
  readonly limits?: Partial<FrontDoorLimits> | undefined;
  /** What happens to requests in progress when the server is disposed. */
  readonly atEnd: 'answer' | 'cut';
}

/** A running server. */
export interface ApiServer extends Listener {
  /** For an SDK's `endpoint`. */
  readonly url: string;
}

/**
 * Serves an API. Resolves when the server is listening.
 *
 * Uses Node's own server without a framework, because there is one path, every answer's exact bytes
 * matter, and this is the hot path of every write.
 *
 * @throws {PortTakenError} when another process has the port
 */
export async function startApi<Format extends BodyFormat, Operation>(
  api: Api<Format, Operation>,
  { host, port, portVariable, tls, hasHttp2, atEnd, ...door }: ApiDoor,
): Promise<ApiServer> {
  const { bodyBytesMax } = api;
  const limits = { ...frontDoorLimits, ...door.limits };
  const bodiesBytesMax = Math.max(limits.bodiesBytesMax, bodyBytesMax);
  const bodies = new Bodies({ ...limits, bodiesBytesMax });
  const answering = new Set<Promise<void>>();
  const frontDoor = createFrontDoor({
    serve: (request, response) => {
      const answered = serveCall(request, response, api, bodies).finally(() =>
        answering.delete(answered),
      );
      answering.add(answered);
    },
    tls,
    hasHttp2,
    bodyBytesMax,
    limits,
  });
  const listener = await listen(frontDoor, { host, port, portVariable, atEnd });
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    ...listener,
    url: `http${tls ? 's' : ''}://${name}:${listener.port}`,
    [Symbol.asyncDispose]: async () => {
      await listener[Symbol.asyncDispose]();
      // Clients that disconnected may have left calls in progress.
      await Promise.all(answering);
    },
  };
}
