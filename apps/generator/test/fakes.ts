import type { Logger } from '@highwater/model';
import { loadConfig } from '@highwater/service';
import { Registry } from 'prom-client';
import { generatorConfig, type GeneratorConfig } from '../src/config.ts';
import { defineGeneratorMetrics } from '../src/metrics.ts';
import type { PointsFile } from '../src/points-file.ts';
import { Tally } from '../src/tally.ts';

export function configOf(env: Record<string, string> = {}): GeneratorConfig {
  return loadConfig(generatorConfig, env);
}

export function newTally(): Tally {
  return new Tally(defineGeneratorMetrics(new Registry()));
}

/** A file in memory. Without random access, it can be read once, like standard input. */
export function fileOf(lines: readonly string[], isFile = true): PointsFile {
  const bytes = Buffer.from(lines.join('\n'));
  return {
    path: 'points.ndjson',
    open: async function* () {
      yield bytes;
    },
    readAt: isFile
      ? async (offset, bytesCount) => bytes.subarray(offset, offset + bytesCount)
      : undefined,
  };
}

/** A log that records its lines. */
export function keepLog() {
  const lines: { fields: Readonly<Record<string, unknown>>; message: string }[] = [];
  const keep = (fields: Readonly<Record<string, unknown>>, message: string) => {
    lines.push({ fields, message });
  };
  const log: Logger = { trace: keep, debug: keep, info: keep, warn: keep, error: keep };
  return { log, lines };
}
