import { PythonRandom } from './python-random.ts';

/** What is drawn while points are made, each from its own numbers. */
export interface Draws {
  readonly values: PythonRandom;
  readonly lateness: PythonRandom;
  readonly duplicates: PythonRandom;
  readonly partitionKeys: PythonRandom;
}

/** Independent draws of one seed: values stay the same when lateness is turned on. */
export function createDraws(seed: number): Draws {
  const draw = (stream: number) => new PythonRandom([seed, stream]);
  return { values: draw(1), lateness: draw(2), duplicates: draw(3), partitionKeys: draw(4) };
}

/** A partition key that says nothing about its record. */
export function randomPartitionKey({ partitionKeys }: Draws): string {
  return partitionKeys.word().toString(36);
}
