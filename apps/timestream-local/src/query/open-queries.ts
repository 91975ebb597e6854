import type { OpenQuery, QueryPage } from './open-query.ts';

/** A page that was returned, and can be requested again. */
interface GivenPage {
  readonly page: QueryPage;
  readonly nextToken: string | undefined;
}

interface Entry {
  readonly query: OpenQuery;
  /** The token that the next page is asked for with. */
  token: string | undefined;
  /** The answer to the last token. A client that lost it asks again. */
  last: { readonly token: string; readonly given: GivenPage; uses: number } | undefined;
  usedMs: number;
}

const limits = {
  /**
   * Open results use memory, and keep an old state of the tables in the replica of their engine.
   */
  queriesMax: 64,
  /** As documented. */
  tokenUsesMax: 5,
  tokenAgeMsMax: 3_600_000,
  finishedMax: 1000,
} as const;

/**
 * The queries that are running or have pages left, by their ids. New ones replace those unused for
 * longest.
 */
export class OpenQueries implements AsyncDisposable {
  /** In the order of last use. */
  readonly #entries = new Map<string, Entry>();
  readonly #finished = new Set<string>();
  readonly #monotonicMs: () => number;

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  add(query: OpenQuery): void {
    this.#dropOld();
    this.#entries.set(query.id, {
      query,
      token: undefined,
      last: undefined,
      usedMs: this.#monotonicMs(),
    });
  }

  /** The query that a token belongs to, whatever its page. */
  ofToken(token: string): OpenQuery | undefined {
    return this.find(token.split('.')[0] ?? '');
  }

  find(id: string): OpenQuery | undefined {
    return this.#entries.get(id)?.query;
  }

  hasFinished(id: string): boolean {
    return this.#finished.has(id);
  }

  /** The query whose next page, or whose last page once more, the token asks for. */
  claim(
    token: string,
  ): { readonly query: OpenQuery; readonly again: GivenPage | undefined } | undefined {
    const id = token.split('.')[0] ?? '';
    const entry = this.#entries.get(id);
    if (!entry) return undefined;
    this.#touch(id, entry);
    if (entry.token === token) return { query: entry.query, again: undefined };
    if (entry.last?.token !== token || entry.last.uses >= limits.tokenUsesMax) return undefined;
    entry.last.uses += 1;
    return { query: entry.query, again: entry.last.given };
  }

  /** Remembers a page, and names the token for the next one. */
  give(query: OpenQuery, page: QueryPage, newToken: () => string): GivenPage {
    const entry = this.#entries.get(query.id);
    if (!entry) return { page, nextToken: undefined };
    const nextToken = page.isLast ? undefined : `${query.id}.${newToken()}`;
    const given = { page, nextToken };
    if (entry.token === undefined && page.isLast) {
      this.finish(query);
      return given;
    }
    if (entry.token !== undefined) entry.last = { token: entry.token, given, uses: 1 };
    entry.token = nextToken;
    return given;
  }

  /** Forgets a query, and frees its resources. */
  finish(query: OpenQuery): void {
    this.#entries.delete(query.id);
    query.close();
    this.#finished.add(query.id);
    for (const oldest of this.#finished) {
      if (this.#finished.size <= limits.finishedMax) break;
      this.#finished.delete(oldest);
    }
  }

  /** Ends running queries, and forgets the others. */
  stopAll(): void {
    for (const { query } of this.#entries.values()) query.stop('disconnected');
  }

  /** Nothing computes afterwards. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.stopAll();
    await Promise.all([...this.#entries.values()].map(({ query }) => query.idle()));
    this.#entries.clear();
  }

  #touch(id: string, entry: Entry): void {
    entry.usedMs = this.#monotonicMs();
    this.#entries.delete(id);
    this.#entries.set(id, entry);
  }

  /** Queries that compute, or wait to compute, are limited elsewhere. */
  #dropOld(): void {
    const oldestMs = this.#monotonicMs() - limits.tokenAgeMsMax;
    const idle = [...this.#entries.values()].filter(({ query }) => !query.isBusy);
    const surplus = idle.length + 1 - limits.queriesMax;
    for (const [at, { query, usedMs }] of idle.entries()) {
      if (at >= surplus && usedMs > oldestMs) return;
      query.stop('disconnected');
      this.#entries.delete(query.id);
    }
  }
}
