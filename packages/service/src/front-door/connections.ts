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
      this.#onQuiet(this);
    };
  }
}

/**
 * For so long a connection is not closed for another one: many may come at once, and what one of them
 * asks may have arrived, but not been read.
 */
const freshMs = 500;
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
    const freshSinceMs = performance.now() - freshMs;
    let idle: Connection | undefined;
    let reading: Connection | undefined;
    for (const connection of this.#open) {
      if (!connection.isQuiet) {
        if (reading === undefined && connection.isReceiving) reading = connection;
      } else if (connection.quietSinceMs > freshSinceMs) continue;
      else if (!connection.hasAsked) return connection;
      else if (idle === undefined || connection.quietSinceMs < idle.quietSinceMs) idle = connection;
    }
    return idle ?? reading;
  }

  #end(connection: Connection): void {
    this.#open.delete(connection);
    connection.socket.destroy();
  }
}
