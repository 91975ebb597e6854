import { PythonRandom } from './python-random.ts';

/** The random draws for making points, each from its own sequence. */
export interface Draws {
  readonly values: PythonRandom;
  readonly lateness: PythonRandom;
  readonly duplicates: PythonRandom;
  readonly partitionKeys: PythonRandom;
}

/** Independent draws of one seed, so values stay the same when lateness is turned on. */
export function createDraws(seed: number): Draws {
  const draw = (stream: number) => new PythonRandom([seed, stream]);
  return { values: draw(1), lateness: draw(2), duplicates: draw(3), partitionKeys: draw(4) };
}

/** A partition key that is unrelated to its record. */
export function randomPartitionKey({ partitionKeys }: Draws): string {
  return partitionKeys.word().toString(36);
}
