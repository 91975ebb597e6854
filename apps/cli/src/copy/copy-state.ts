import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { CopyStateError } from './errors.ts';
import type { CopyRange } from './plan-ranges.ts';
import type { RangeResult } from './range-result.ts';

/** What a state file belongs to. */
export interface CopyIdentity {
  readonly from: string;
  readonly to: string;
  readonly chunkMs: number;
}

const format = 1;
const headerSchema = z.object({
  format: z.literal(format),
  from: z.string(),
  to: z.string(),
  chunkMs: z.number(),
});
const count = z.int().min(0);
const refusedSchema = z.object({ rowsCount: count, detail: z.string() });
const resultSchema = z.object({
  table: z.enum(['raw', 'views', 'corrections']),
  startMs: z.int(),
  endMs: z.int(),
  sourceRows: count,
  readRows: count,
  targetRows: count,
  newerRows: count,
  refused: z.partialRecord(
    z.enum(['time_out_of_range', 'invalid', 'version_conflict', 'other']),
    refusedSchema,
  ),
});

/**
 * The ranges that were copied, one line of JSON each, in a file of their own. A line that a kill has
 * cut off does not count, so that its range is copied again.
 */
export class CopyState {
  readonly path: string;
  readonly #results: Map<string, RangeResult>;

  private constructor(path: string, results: Map<string, RangeResult>) {
    this.path = path;
    this.#results = results;
  }

  /**
   * Reads the file, or makes a new one.
   *
   * @throws {CopyStateError} when it belongs to another copy, or cannot be read or written
   */
  static async open(path: string, identity: CopyIdentity): Promise<CopyState> {
    try {
      await mkdir(dirname(path), { recursive: true });
      const results = readResults(path, await readLines(path), identity);
      const lines = [{ format, ...identity }, ...results.values()];
      // The last line may have been cut off: nothing may be appended to it.
      await writeFile(`${path}.new`, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      await rename(`${path}.new`, path);
      return new CopyState(path, results);
    } catch (error) {
      if (error instanceof CopyStateError) throw error;
      throw cannotUse(path, error);
    }
  }

  /** What became of a range when it was last copied. */
  find(range: CopyRange): RangeResult | undefined {
    return this.#results.get(keyOf(range));
  }

  /** Records a range. The last record of a range counts. */
  async add(result: RangeResult): Promise<void> {
    try {
      await appendFile(this.path, `${JSON.stringify(result)}\n`);
    } catch (error) {
      throw cannotUse(this.path, error);
    }
    this.#results.set(keyOf(result), result);
  }
}

function keyOf({ table, startMs, endMs }: CopyRange): string {
  return `${table} ${startMs} ${endMs}`;
}

async function readLines(path: string): Promise<readonly string[]> {
  try {
    return (await readFile(path, 'utf8')).split('\n').slice(0, -1);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function readResults(
  path: string,
  [first, ...others]: readonly string[],
  identity: CopyIdentity,
): Map<string, RangeResult> {
  if (first === undefined) return new Map();
  const header = headerSchema.safeParse(jsonOf(first)).data;
  if (header === undefined) {
    throw new CopyStateError(
      `reading ${path}: this is not a state file of this version; name another file with --state`,
    );
  }
  const { from, to, chunkMs } = header;
  if (from !== identity.from || to !== identity.to || chunkMs !== identity.chunkMs) {
    throw new CopyStateError(
      `reading ${path}: it belongs to a copy from ${from} to ${to} with a chunk of ${chunkMs} ms; use the same options, or name another file with --state`,
    );
  }
  return new Map(
    others.map((line, index) => {
      const result = resultSchema.safeParse(jsonOf(line)).data;
      if (result === undefined) {
        throw new CopyStateError(
          `reading ${path}: line ${index + 2} is damaged; delete the line, and its range is copied again`,
        );
      }
      // An optional member may be undefined for the schema, and never is in JSON.
      const known = result as RangeResult;
      return [keyOf(known), known];
    }),
  );
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

function cannotUse(path: string, cause: unknown): CopyStateError {
  const detail = (cause as Error).message;
  return new CopyStateError(
    `using the state file ${path}: ${detail}; correct its permissions, or name another file with --state`,
    { cause },
  );
}
