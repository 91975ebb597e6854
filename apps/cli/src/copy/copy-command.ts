import { HighwaterError, type StoreTable } from '@highwater/model';
import {
  ConfigError,
  describeConfig,
  readSettings,
  readYamlFile,
  systemClock,
} from '@highwater/service';
import { defaultViewsFile, durationSchema, parseViews } from '@highwater/windowing';
import { Command, Option } from 'commander';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { localEndpoints } from '../doctor/local-settings.ts';
import { readTimeText, timePattern } from '../views/trial/time-text.ts';
import { copyConfig, readSides } from './copy-config.ts';
import type { Screen } from './copy-progress.ts';
import { CopyState } from './copy-state.ts';
import { copyStores } from './copy-stores.ts';
import { isAgreed, type RangeResult } from './range-result.ts';
import { rangesText, renderCopy } from './render-copy.ts';

const allTables: readonly StoreTable[] = ['raw', 'views', 'corrections'];

interface Options {
  readonly from: string;
  readonly to: string;
  readonly table?: readonly StoreTable[];
  readonly fromTime?: string;
  readonly toTime?: string;
  readonly chunk?: string;
  readonly state?: string;
  readonly local?: true;
}

/**
 * `highwater copy`: writes the rows of one store to another. Exits with 1 when both do not have the
 * same rows afterwards.
 *
 * @param screen where progress is shown
 */
export function copyCommand(screen: Screen = process.stderr): Command {
  return new Command('copy')
    .description(
      'Copies the rows of one store to another, range by range, and compares the counts of both. Continues where an earlier run has stopped.',
    )
    .requiredOption('--from <url>', 'store to read, as HW_STORE names it')
    .requiredOption('--to <url>', 'store to write, as HW_STORE names it')
    .addOption(new Option('--table <tables...>', 'tables to copy; default all').choices(allTables))
    .option('--from-time <time>', 'copy rows from this time on; default the oldest row')
    .option('--to-time <time>', 'copy rows before this time; default after the newest row')
    .option('--chunk <duration>', 'length of a range, for example 10m or 1d; default 1h')
    .option(
      '--state <file>',
      'file that records the finished ranges; default a file of these two stores in HW_STATE_DIR',
    )
    .option('--local', 'use the servers of `npm start` where no AWS_ENDPOINT_URL_… variable is set')
    .addHelpText(
      'after',
      () =>
        `\nSettings. Those of stores apply to both sides, as the services read them:\n\n${describeConfig(copyConfig)}`,
    )
    .action(async (options: Options, command: Command) => {
      try {
        const results = await copy(options, screen);
        for (const line of renderCopy(results)) process.stdout.write(`${line}\n`);
        const differing = results.filter((result) => !isAgreed(result)).length;
        if (differing > 0) {
          command.error(
            `highwater copy: ${differing} of ${rangesText(results.length)} differ; run the command again to copy only these`,
            { exitCode: 1 },
          );
        }
      } catch (error) {
        if (!(error instanceof HighwaterError)) throw error;
        command.error(error.message, { exitCode: error.domain === 'user' ? 2 : 1 });
      }
    });
}

async function copy(options: Options, screen: Screen): Promise<readonly RangeResult[]> {
  const config = readSettings(copyConfig, options.local ? localEndpoints : {});
  const tables = allTables.filter((table) => options.table?.includes(table) ?? true);
  const { from, to } = readSides(config, options, tables);
  const { fromMs, toMs, chunkMs } = readTimes(options);
  const views = parseViews(
    config.HW_VIEWS === undefined ? defaultViewsFile : await readYamlFile(config.HW_VIEWS),
  );
  const path = options.state ?? join(config.HW_STATE_DIR, 'copy', stateName(options, chunkMs));
  const state = await CopyState.open(path, { from: options.from, to: options.to, chunkMs });
  screen.write(`Finished ranges are recorded in ${path}\n`);
  return copyStores({
    from,
    to,
    tables,
    fromMs,
    toMs,
    chunkMs,
    state,
    views,
    clock: systemClock,
    screen,
    signal: new AbortController().signal,
  });
}

/** One file for each pair of stores, and length of ranges. */
function stateName({ from, to }: Options, chunkMs: number): string {
  const hash = createHash('sha256').update(JSON.stringify([from, to, chunkMs]));
  return `${hash.digest('hex').slice(0, 16)}.jsonl`;
}

function readTimes({ fromTime, toTime, chunk = '1h' }: Options) {
  const problems: string[] = [];
  const timeOf = (option: string, text: string | undefined) => {
    if (text === undefined) return undefined;
    const isInstant = timePattern.test(text) && !text.startsWith('+');
    const timeMs = isInstant ? readTimeText(text, 0) : Number.NaN;
    if (timeMs >= 0) return timeMs;
    problems.push(`${option} is not a time such as 2026-11-28T10:00Z`);
    return undefined;
  };
  const fromMs = timeOf('--from-time', fromTime);
  const toMs = timeOf('--to-time', toTime);
  const chunkMs = durationSchema.safeParse(chunk).data ?? 0;
  if (chunkMs < 1_000) problems.push('--chunk is not a duration of 1s or more, such as 1h');
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs) {
    problems.push('--from-time is not before --to-time');
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return { fromMs, toMs, chunkMs };
}
