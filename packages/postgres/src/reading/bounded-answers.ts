import { QueryRefusedError } from '@highwater/store-kit';
import type { Client, PoolClient, QueryArrayResult } from 'pg';

/**
 * Asks a server whose answers may be of any size, over a connection that is closed afterwards.
 *
 * The client makes one text of each value before anybody sees it, and beyond the 512 MiB that a text
 * of Node can have, it throws where nobody can catch it. So the connection is ended while a larger
 * answer arrives.
 */
export class BoundedAnswers {
  readonly #client: PoolClient;
  #bytes = 0;
  #refusal: QueryRefusedError | undefined;

  constructor(client: PoolClient, bytesMax: number) {
    this.#client = client;
    const { stream } = (client as unknown as Client).connection;
    // Before the client's own listener, which ends a question.
    stream.prependListener('data', (chunk: Buffer) => {
      this.#bytes += chunk.length;
      if (this.#bytes <= bytesMax || this.#refusal !== undefined) return;
      this.#refusal = new QueryRefusedError(
        `the server answered with more than ${bytesMax / 1024 / 1024} MiB at once; select fewer or shorter values`,
      );
      stream.destroy(this.#refusal);
    });
  }

  /**
   * Sends one statement. The extended protocol takes no more; values come back as the server writes
   * them.
   *
   * @returns the result, and the size of the answer
   * @throws {QueryRefusedError} when the answer is larger than the limit
   */
  async send(text: string): Promise<QueryArrayResult & { readonly bytes: number }> {
    this.#bytes = 0;
    const query = {
      text,
      rowMode: 'array' as const,
      queryMode: 'extended',
      types: { getTypeParser: () => (value: string | Buffer) => value },
    };
    const result: QueryArrayResult = await this.#client.query(query);
    // The end of an answer that is too large may come with what is too much.
    if (this.#refusal !== undefined) throw this.#refusal;
    return Object.assign(result, { bytes: this.#bytes });
  }
}
