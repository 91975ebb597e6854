import type { Answer, JsonClient } from './json-client.ts';
import { monotonicMs } from './monotonic.ts';

/** The result of a statement. */
export interface Outcome {
  readonly startMs: number;
  readonly endMs: number;
  /**
   * The longest call: a slow query answers with an empty page first, and with the rest in further
   * calls.
   */
  readonly longest: { readonly startMs: number; readonly endMs: number };
  /** `ok`, the name of the exception, or the event instead of an answer. */
  readonly name: string;
  readonly message: string;
  /** The rows as JSON, in any order; only for results of one page. */
  readonly rows: string | undefined;
}

/** After this, reading stops, because a long result alone does no harm. */
const readMsMax = 5_000;

/** Runs a statement to its last page. */
export async function runOne(client: JsonClient, text: string, hangMs: number): Promise<Outcome> {
  const startMs = monotonicMs();
  let longest = { startMs, endMs: startMs };
  let NextToken: string | undefined;
  let first: Answer | undefined;
  try {
    for (;;) {
      const from = monotonicMs();
      const answer = await within(hangMs, client.call('Query', { QueryString: text, NextToken }));
      const endMs = monotonicMs();
      if (endMs - from > longest.endMs - longest.startMs) longest = { startMs: from, endMs };
      if (answer.status !== 200) {
        return { startMs, endMs, longest, rows: undefined, ...nameOf(answer) };
      }
      first ??= answer;
      NextToken = tokenOf(answer.body);
      if (NextToken === undefined) {
        const rows = first === answer ? rowsOf(answer.body) : undefined;
        return { startMs, endMs, longest, rows, name: 'ok', message: '' };
      }
      if (endMs - startMs < readMsMax) continue;
      const QueryId = /"QueryId":"(\w+)"/.exec(answer.body)?.[1];
      await client.call('CancelQuery', { QueryId });
      return { startMs, endMs, longest, rows: undefined, name: 'long', message: '' };
    }
  } catch (error) {
    const endMs = monotonicMs();
    const message = error instanceof Error ? error.message : String(error);
    longest = endMs - startMs > longest.endMs - longest.startMs ? { startMs, endMs } : longest;
    return { startMs, endMs, longest, rows: undefined, name: 'no answer', message };
  }
}

async function within<T>(hangMs: number, task: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`nothing for ${hangMs} ms`)), hangMs);
  try {
    return await Promise.race([task, late.promise]);
  } finally {
    clearTimeout(timer);
    task.catch(() => undefined);
  }
}

function nameOf({ status, body }: Answer): { readonly name: string; readonly message: string } {
  const {
    __type: type = '',
    message = '',
    Message = message,
  } = JSON.parse(body) as {
    __type?: string;
    message?: string;
    Message?: string;
  };
  return { name: type.split('#')[1] ?? String(status), message: Message };
}

/** Inside a text, the quotes would have backslashes before them. */
function tokenOf(body: string): string | undefined {
  const at = body.lastIndexOf('"NextToken":"');
  return at === -1 ? undefined : /"NextToken":"([^"]+)"/.exec(body.slice(at))?.[1];
}

const comparedBytesMax = 200_000;

function rowsOf(body: string): string | undefined {
  if (body.length > comparedBytesMax) return undefined;
  const end = body.indexOf(',"ColumnInfo":');
  return body.slice(body.indexOf('"Rows":'), end === -1 ? undefined : end);
}

/** Whether both have the same rows, in whatever order. */
export function hasSameRows(a: string, b: string): boolean {
  if (a === b) return true;
  const sorted = (text: string) =>
    (JSON.parse(`{${text}}`) as { Rows: readonly unknown[] }).Rows.map((row) => JSON.stringify(row))
      .toSorted()
      .join('\n');
  return sorted(a) === sorted(b);
}
