import type { Socket } from 'node:net';
import type { FrontDoorLimits } from './limits.ts';

/** A request that knows whether it has arrived to its end. */
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
  /** How often it was found quiet since it came, or since its last request. */
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

  /** Whether there is a request whose body is not whole. */
  get isReceiving(): boolean {
    return [...this.#underWay].some(({ complete }) => !complete);
  }

  /** @returns to be called when all of the request is over */
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
 * A connection is not closed for another one before it was quiet at so many checks: many may come at
 * once, and what one of them asks may have arrived, but not been read. Between two checks it is read.
 */
const settledChecks = 2;
/** Until then there may be so many times as many. */
const burstFactor = 4;

/** The connections of a port: how many there are, and how long they may say nothing. */
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

  /** @returns absent when there is no room for it: it is closed then */
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

  /** Ends what has said nothing for too long, and what is too much. */
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

  /** Ends what has no request under way, and each of the others when it has none any more. */
  endWhenQuiet(): void {
    this.#isClosing = true;
    for (const connection of this.#open) if (connection.isQuiet) this.#end(connection);
  }

  /** Breaks every connection, with all that goes on in it. */
  cut(): void {
    for (const { socket } of this.#open) socket.resetAndDestroy();
  }

  /** Ends every connection. */
  end(): void {
    for (const connection of this.#open) this.#end(connection);
  }

  /** @returns whether there was a connection that could go */
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
    // Those that are new go first, as soon as it is known that they say nothing.
    return isNewOneLeft ? undefined : (idle ?? reading);
  }

  #end(connection: Connection): void {
    this.#open.delete(connection);
    connection.socket.destroy();
  }
}
