import { cutText } from '@highwater/model';
import type { KinesisAccount } from '@highwater/kinesis-engine';
import { z } from 'zod';
import type { ServerFaults } from '../faults/server-faults.ts';

/** Operations on a running server besides its API. */
export interface AdminContext {
  readonly account: KinesisAccount;
  readonly faults: ServerFaults;
  readonly cutConnections: () => void;
}

/** An answer of the admin endpoint. */
export interface AdminReply {
  readonly status: number;
  readonly value: unknown;
}

const share = z.number().min(0).max(1).optional();

const faultSettings = z.strictObject({
  seed: z.union([z.string(), z.number()]).transform(String),
  operations: z.array(z.string()).optional(),
  throttle: share,
  fail: share,
  loseReply: share,
  cut: share,
  partial: share,
  duplicate: share,
  expireIterator: share,
  delay: share,
  delayMsMax: z.number().int().min(1).max(60_000).optional(),
  endSubscription: share,
  stallSubscription: share,
  cutSubscription: share,
});

const limitSettings = z.strictObject({ enforced: z.boolean() });
const shardSettings = z.strictObject({ count: z.number().int().min(1).max(10_000) });

const issuesMax = 10;
const messageCharactersMax = 1000;

/**
 * Performs one request to the admin endpoint. Its body is JSON.
 *
 * @param request its path after `/_admin/`
 */
export async function serveAdmin(
  request: { readonly method: string; readonly path: string; readonly body: Buffer },
  context: AdminContext,
): Promise<AdminReply> {
  const { account, faults } = context;
  const [what = '', name = '', part = ''] = request.path.split('/');
  const body = <T>(schema: z.ZodType<T>): T => readBody(schema, request.body);
  const done = { status: 200, value: {} };
  switch (`${request.method} ${what}${part === '' ? '' : `/${part}`}`) {
    case 'GET faults':
      return { status: 200, value: faults.settings ?? {} };
    case 'PUT faults':
      faults.start(body(faultSettings));
      return { status: 200, value: faults.settings };
    case 'DELETE faults':
      faults.stop();
      return done;
    case 'POST expire-iterators':
      account.expireIterators();
      return done;
    case 'POST end-subscriptions':
      account.subscriptions.endAll();
      return done;
    case 'POST cut-connections':
      context.cutConnections();
      return done;
    case 'PUT limits':
      account.enforcesLimits = body(limitSettings).enforced;
      return done;
    case 'PUT streams/limits':
      account.stream(name).enforceLimits(body(limitSettings).enforced, account.clock.nowMs());
      await account.save();
      return done;
    case 'PUT streams/shards':
      // In any mode: to clients, it looks as if an on-demand stream reshards by itself.
      account.activeStream(name).scale(body(shardSettings).count, account.clock.nowMs());
      await account.save();
      return done;
    default:
      return {
        status: 404,
        value: { error: `${request.method} /_admin/${cutText(request.path, 100)} is not served` },
      };
  }
}

/** @throws {Error} with a short message, however much is wrong */
function readBody<T>(schema: z.ZodType<T>, bytes: Buffer): T {
  const parsed = schema.safeParse(JSON.parse(bytes.toString()));
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, issuesMax);
  throw new Error(cutText(z.prettifyError(new z.ZodError(issues)), messageCharactersMax));
}
