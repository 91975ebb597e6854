import type { Socket } from 'node:net';
import type { FrontDoorLimits } from './limits.ts';

/** A request that knows whether it has arrived completely. */
interface Completable {
  readonly complete: boolean;
}

/** One connection of a client, from its first byte to its end. */
export class Connection {
  readonly socket: Socket;
  readonly #onQuiet: (connection: Connection) => void;
  readonly #underWay = new Set<Completable>();
  #hasAsked = false;
  #quietSinceMs = performance.now();
  /** In how many checks it was found quiet, since it opened or since its last request. */
  checks = 0;

  constructor(socket: Socket, onQuiet: (connection: Connection) => void) {
    this.socket = socket;
    this.#onQuiet = onQuiet;
  }

  /** Whether every request is answered and read to its end. */
  get isQuiet(): boolean {
    return this.#underWay.size === 0;
  }

  get hasAsked(): boolean {
    return this.#hasAsked;
  }

  /** Since when there has been no request, on the monotonic clock. */
  get quietSinceMs(): number {
    return this.#quietSinceMs;
  }

  /** Whether there is a request whose body is incomplete. */
  get isReceiving(): boolean {
    return [...this.#underWay].some(({ complete }) => !complete);
  }

  /** @returns a function to call when the request is completely finished */
  begin(request: Completable): () => void {
    this.#hasAsked = true;
    this.#underWay.add(request);
    return () => {
      if (!this.#underWay.delete(request) || !this.isQuiet) return;
      this.#quietSinceMs = performance.now();
      this.checks = 0;
      this.#onQuiet(this);
    };
  }
}

/**
 * A connection is closed in favor of another one only after it was quiet in this many checks. When
 * many connections open at once, their requests may have arrived without having been read. They are
 * read between two checks.
 */
const settledChecks = 2;
/** Until then, this many times as many connections may be open. */
const burstFactor = 4;

/** Limits the number of connections of a port, and how long each may be quiet. */
export class Connections {
  /** In the order in which they were opened. */
  readonly #open = new Set<Connection>();
  readonly #limits: FrontDoorLimits;
  #isClosing = false;

  constructor(limits: FrontDoorLimits) {
    this.#limits = limits;
  }

  get count(): number {
    return this.#open.size;
  }

  /** @returns undefined when there is no space for it, and it is closed */
  admit(socket: Socket): Connection | undefined {
    const { connectionsMax } = this.#limits;
    if (this.#open.size >= connectionsMax * burstFactor) {
      socket.destroy();
      return undefined;
    }
    if (this.#open.size >= connectionsMax) this.#makeRoom();
    const connection = new Connection(socket, (quiet) => {
      if (this.#isClosing) this.#end(quiet);
    });
    this.#open.add(connection);
    socket.once('close', () => this.#open.delete(connection));
    return connection;
  }

  /** Closes connections that have been quiet for too long, and connections above the limit. */
  endSilent(): void {
    for (const connection of this.#open) if (connection.isQuiet) connection.checks += 1;
    while (this.#open.size > this.#limits.connectionsMax && this.#makeRoom());
    const nowMs = performance.now();
    for (const connection of this.#open) {
      const { headersMs, idleMs } = this.#limits;
      const quietMsMax = connection.hasAsked ? idleMs : headersMs;
      if (connection.isQuiet && nowMs - connection.quietSinceMs > quietMsMax) {
        this.#end(connection);
      }
    }
  }

  /**
   * Closes each connection without a request now, and each of the others as soon as it has none.
   */
  endWhenQuiet(): void {
    this.#isClosing = true;
    for (const connection of this.#open) if (connection.isQuiet) this.#end(connection);
  }

  /** Breaks every connection, even with requests in progress. */
  cut(): void {
    for (const { socket } of this.#open) socket.resetAndDestroy();
  }

  /** Ends every connection. */
  end(): void {
    for (const connection of this.#open) this.#end(connection);
  }

  /** @returns whether there was a connection to close */
  #makeRoom(): boolean {
    const least = this.#worthLeast();
    if (least !== undefined) this.#end(least);
    return least !== undefined;
  }

  #worthLeast(): Connection | undefined {
    let isNewOneLeft = false;
    let idle: Connection | undefined;
    let reading: Connection | undefined;
    for (const connection of this.#open) {
      if (!connection.isQuiet) {
        if (reading === undefined && connection.isReceiving) reading = connection;
      } else if (!connection.hasAsked) {
        if (connection.checks >= settledChecks) return connection;
        isNewOneLeft = true;
      } else if (connection.checks >= settledChecks) {
        if (idle === undefined || connection.quietSinceMs < idle.quietSinceMs) idle = connection;
      }
    }
    // New connections go first, as soon as it is known that they are quiet.
    return isNewOneLeft ? undefined : (idle ?? reading);
  }

  #end(connection: Connection): void {
    this.#open.delete(connection);
    connection.socket.destroy();
  }
}
