import { WriteRecordsCommand } from '@aws-sdk/client-timestream-write';
import type { SeededRandom } from '@highwater/testkit';
import assert from 'node:assert/strict';
import type { Clients } from './clients.ts';
import { noonMs } from './fixture.ts';

const hostsPerWriter = 50;
export const recordsPerRequest = 20;
export const DatabaseName = 'dbx';
export const TableName = 'tab';

/** The content of a host's only record. */
export interface Held {
  readonly version: number;
  readonly value: number;
}

/** Rewrites the records of its own hosts, each time with a higher version. */
export class RewritingWriter {
  /** By host: the content that the server has acknowledged. */
  readonly acknowledged = new Map<string, Held>();
  /** How many requests all servers have answered so far. */
  answeredCount = 0;
  /** The request that was not answered. */
  unanswered = new Map<string, Held>();
  readonly #hosts: readonly string[];
  readonly #random: SeededRandom;

  constructor(name: string, random: SeededRandom) {
    this.#random = random;
    this.#hosts = Array.from({ length: hostsPerWriter }, (_, at) => `${name}-${at}`);
  }

  /** Writes until the server is gone. */
  async run(clients: Clients): Promise<void> {
    for (;;) {
      this.unanswered = this.#next();
      try {
        await clients.write.send(requestOf(this.unanswered));
      } catch (error) {
        if ((error as { readonly $fault?: string }).$fault !== undefined) throw error;
        return;
      }
      for (const [host, held] of this.unanswered) this.acknowledged.set(host, held);
      this.answeredCount += 1;
    }
  }

  /**
   * Compares the stored records with the acknowledged ones, and adopts them.
   *
   * The unanswered request must be stored completely or not at all.
   */
  check(stored: ReadonlyMap<string, number>): void {
    const landed = [...this.unanswered].filter(([host, { value }]) => stored.get(host) === value);
    assert([0, this.unanswered.size].includes(landed.length), `${landed.length} of a request`);
    for (const [host, held] of landed) this.acknowledged.set(host, held);
    const own = new Map([...stored].filter(([host]) => this.#hosts.includes(host)));
    const said = new Map([...this.acknowledged].map(([host, { value }]) => [host, value]));
    assert.deepEqual(own, said);
  }

  #next(): Map<string, Held> {
    const hosts = this.#random.shuffle(this.#hosts).slice(0, recordsPerRequest);
    return new Map(
      hosts.map((host) => {
        const version = (this.acknowledged.get(host)?.version ?? 0) + this.#random.int(1, 3);
        // No two values are equal, so a value identifies its request.
        return [host, { version, value: this.#random.uniform() }] as const;
      }),
    );
  }
}

/** A request that writes these records. */
export function requestOf(records: ReadonlyMap<string, Held>): WriteRecordsCommand {
  return new WriteRecordsCommand({
    DatabaseName,
    TableName,
    CommonAttributes: { MeasureName: 'cpu', Time: String(noonMs) },
    Records: [...records].map(([host, { version, value }]) => ({
      Dimensions: [{ Name: 'host', Value: host }],
      MeasureValue: String(value),
      Version: version,
    })),
  });
}
