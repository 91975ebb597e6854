import { z } from 'zod';

const stepSchema = z.object({
  client: z.string().min(1),
  version: z.string().min(1),
  operation: z.string().min(1),
  result: z.string().min(1),
});

/** What a client did, and how it went: `right`, or what was wrong. One line of JSON of its output. */
export type Step = Readonly<z.infer<typeof stepSchema>>;

/**
 * Reads the steps in what a client printed. Lines that are no JSON objects are the client's own.
 *
 * @throws {Error} when an object is no step, or when there is none: a client that does nothing passes no test
 */
export function stepsIn(output: string): readonly Step[] {
  const lines = output.split('\n').filter((line) => line.startsWith('{'));
  if (lines.length === 0) throw new Error(`the client reported no step: ${output}`);
  return lines.map((line) => stepSchema.parse(JSON.parse(line)));
}
