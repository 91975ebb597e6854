/** Names a stored state and pins its content. */
export interface StateRef {
  readonly key: string;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Stores snapshots of processors: immutable objects under keys that the caller chooses. */
export interface StateStore {
  /** Resolves when the object is durable. */
  put(key: string, state: Uint8Array): Promise<StateRef>;
  /** @throws {StateError} when the object is missing, or differs from the one that `ref` names */
  get(ref: StateRef): Promise<Uint8Array>;
  /** Removes an object that no checkpoint names any more. Does nothing when it is already gone. */
  remove(ref: StateRef): Promise<void>;
}
