import type { Clock, Logger } from '@highwater/model';
import { systemClock } from '@highwater/service';
import { KinesisAccount } from '@highwater/testkit/stream';
import { listen } from './http/listen.ts';
import { serveApi } from './http/serve-api.ts';

/** How the server runs. */
export interface KinesisLocalOptions {
  /** @default '127.0.0.1' */
  readonly host?: string | undefined;
  /** 0 takes a free one. */
  readonly port: number;
  readonly accountId?: string | undefined;
  readonly region?: string | undefined;
  /** How long creating, deleting and each generation of a reshard take. @default 100 */
  readonly transitionMs?: number | undefined;
  readonly clock?: Clock | undefined;
  readonly log?: Logger | undefined;
}

/** A running server. Disposing it ends every connection. */
export interface KinesisLocal extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** For an SDK's `endpoint`. */
  readonly url: string;
  readonly account: KinesisAccount;
}

/** Starts the server; when this resolves, it answers. */
export async function startKinesisLocal(options: KinesisLocalOptions): Promise<KinesisLocal> {
  const { host = '127.0.0.1', port, clock = systemClock, log = silent } = options;
  const { accountId, region, transitionMs = 100 } = options;
  const account = new KinesisAccount(clock, { accountId, region, transitionMs });
  const listener = await listen({
    host,
    port,
    serve: (request, response) => {
      serveApi(request, response, { account, clock, log }).catch((error: unknown) => {
        // Only a connection that broke while its request was read comes here.
        log.debug({ err: error }, 'A request was not read to its end.');
        response.destroy();
      });
    },
  });
  return {
    host,
    port: listener.port,
    url: `http://${host}:${listener.port}`,
    account,
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  };
}

const ignore = () => {};
const silent: Logger = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };
