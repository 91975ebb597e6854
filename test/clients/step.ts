import { z } from 'zod';

const stepSchema = z.object({
  client: z.string().min(1),
  version: z.string().min(1),
  operation: z.string().min(1),
  result: z.string().min(1),
});

/** A step of a client, and its result: `right`, or the problem. One line of JSON of its output. */
export type Step = Readonly<z.infer<typeof stepSchema>>;

/**
 * Reads the steps from the output of a client. Lines that are not JSON objects are the client's
 * own.
 *
 * @throws {Error} when an object is not a step, or when there is none, because a client that does
 * nothing must not pass
 */
export function stepsIn(output: string): readonly Step[] {
  const lines = output.split('\n').filter((line) => line.startsWith('{'));
  if (lines.length === 0) throw new Error(`the client reported no step: ${output}`);
  return lines.map((line) => stepSchema.parse(JSON.parse(line)));
}
