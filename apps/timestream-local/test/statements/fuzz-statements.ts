import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Alone } from './alone.ts';
import {
  classOf,
  faultOfAnswer,
  faultOfMemory,
  faultOfProbe,
  faultOfTime,
  hangLimits,
  takeProbeCalls,
  type Bounds,
  type Fault,
} from './fault.ts';
import { JsonClient } from './json-client.ts';
import { monotonicMs } from './monotonic.ts';
import { textOf } from './piece.ts';
import { hasSameRows, runOne } from './run-one.ts';
import { statementOf, type Statement } from './statement.ts';
import { StatementTotals } from './statement-totals.ts';
import { fillTables, Subject, type SubjectSettings } from './subject.ts';

export interface FuzzOptions {
  readonly from: number;
  readonly count: number;
  readonly settings: SubjectSettings;
  readonly bounds: Bounds;
  readonly onFind: (find: Find) => void;
  readonly onRound?: ((totals: StatementTotals) => void) | undefined;
}

/** A fault that a statement has by itself. */
export interface Find {
  readonly seed: string;
  readonly fault: Fault;
  /** The generated and the reduced statement. */
  readonly text: string;
  readonly smallest: string;
}

/**
 * With the cheap query of another client, three queries run at the same time, and there is a slot
 * for each.
 */
const lanesCount = 2;
const roundCount = 5_000;
/** Maximum suspects per round. Further ones are only counted. */
const confirmedMax = 12;
/** Statements that end shortly before another client has to wait may be the cause. */
const blameMs = 100;
const watchEveryMs = 250;
const comparedShare = 0.03;
/** The results of these may differ from run to run. */
const free =
  /\b(?:rand|random|shuffle|array_agg|arbitrary|any_value|m(?:in|ax)_by|first_value|last_value|nth_value|lag|lead|row_number|ntile|rank|dense_rank|percent_rank|cume_dist|approx_percentile)\(|\bLIMIT\b|\bOVER\b/;

/** Runs statements of consecutive seeds, and confirms each fault on a separate server. */
export async function fuzzStatements(options: FuzzOptions): Promise<StatementTotals> {
  const directory = await mkdtemp(join(tmpdir(), 'highwater-statements-'));
  const dataFile = join(directory, 'tables.duckdb');
  const totals = new StatementTotals();
  try {
    await fillTables(options.settings, dataFile);
    await using alone = new Alone(options.settings, dataFile, options.bounds);
    const known = new Set<string>();
    const end = options.from + options.count;
    for (let from = options.from; from < end; from += roundCount) {
      const round = new Round(options, dataFile, totals);
      const startMs = monotonicMs();
      const suspects = await round.run(from, Math.min(end, from + roundCount));
      totals.runMs += monotonicMs() - startMs;
      options.onRound?.(totals);
      await confirmAll(suspects, { alone, known, onFind: options.onFind });
    }
    return totals;
  } finally {
    await rm(directory, { recursive: true });
  }
}

interface Suspect {
  readonly statement: Statement;
  readonly fault: Fault;
}

async function confirmAll(
  suspects: readonly Suspect[],
  { alone, known, onFind }: { alone: Alone; known: Set<string>; onFind: FuzzOptions['onFind'] },
): Promise<void> {
  let confirmed = 0;
  for (const { statement, fault } of suspects) {
    const wanted = classOf(fault);
    if (known.has(wanted) || confirmed >= confirmedMax) continue;
    const found = await alone.confirm(statement.text, wanted);
    if (!found) continue;
    confirmed += 1;
    const smallest = textOf(await alone.shrink(statement.piece, wanted));
    // Answers are distinguished by their messages, the rest by the remaining functions.
    const functions = [...smallest.matchAll(/\b([a-z]\w+)\(/g)].map(([, name]) => name);
    const key = wanted.includes(':') ? wanted : [wanted, ...new Set(functions)].join(' ');
    if (known.has(key)) continue;
    known.add(key);
    onFind({ seed: statement.seed, fault: found, text: statement.text, smallest });
  }
}

interface Running {
  readonly statement: Statement;
  readonly startMs: number;
  endMs: number;
}

/** Some thousand statements on one server, which is restarted if it ends. */
class Round {
  readonly #options: FuzzOptions;
  readonly #dataFile: string;
  readonly #totals: StatementTotals;
  readonly #suspects = new Map<string, Suspect>();
  #running: Running[] = [];
  #subject: Promise<Subject>;
  #next = 0;

  constructor(options: FuzzOptions, dataFile: string, totals: StatementTotals) {
    this.#options = options;
    this.#dataFile = dataFile;
    this.#totals = totals;
    this.#subject = Subject.start(options.settings, dataFile);
  }

  async run(from: number, end: number): Promise<readonly Suspect[]> {
    this.#next = from;
    const watch = setInterval(() => void this.#watch(), watchEveryMs);
    try {
      await Promise.all(Array.from({ length: lanesCount }, () => this.#lane(end)));
    } finally {
      clearInterval(watch);
      const subject = await this.#subject;
      await subject.settle();
      await this.#watch();
      await subject[Symbol.asyncDispose]();
    }
    return [...this.#suspects.values()];
  }

  async #lane(end: number): Promise<void> {
    let subject = await this.#subject;
    let client = new JsonClient(subject.port);
    while (this.#next < end) {
      const statement = statementOf(`statement-${this.#next}`);
      this.#next += 1;
      const current = await this.#subject;
      if (current !== subject) {
        client[Symbol.dispose]();
        subject = current;
        client = new JsonClient(subject.port);
      }
      await this.#take(statement, subject, client);
    }
    client[Symbol.dispose]();
  }

  async #take(statement: Statement, subject: Subject, client: JsonClient): Promise<void> {
    const { settings, bounds } = this.#options;
    const running: Running = { statement, startMs: monotonicMs(), endMs: Infinity };
    this.#running.push(running);
    const outcome = await runOne(client, statement.text, settings.timeLimitMs * hangLimits);
    running.endMs = monotonicMs();
    this.#totals.add(statement, outcome);
    const fault = faultOfAnswer(outcome);
    if (fault?.kind === 'crash') {
      await subject.settle();
      const isLarge = subject.gone?.startsWith('ended by us');
      const why: Fault = isLarge ? { kind: 'memory', detail: subject.gone ?? '' } : fault;
      // Running each statement alone shows which one caused it.
      this.#blame(why, outcome.startMs, outcome.endMs);
    } else if (fault) this.#suspect(statement, fault);
    if (fault?.kind === 'crash' || fault?.kind === 'hang') {
      await this.#renew(subject);
      return;
    }
    if (outcome.longest.endMs - outcome.longest.startMs > settings.timeLimitMs * bounds.excessMax) {
      await subject.settle();
      const late = faultOfTime(outcome, subject, settings, bounds);
      if (late) this.#suspect(statement, late);
    }
    if (outcome.rows !== undefined) await this.#compare(statement, outcome.rows, client);
  }

  async #compare(
    { seed, text, piece }: Statement,
    rows: string,
    client: JsonClient,
  ): Promise<void> {
    const isSampled = Number(seed.replace(/\D/g, '')) % Math.round(1 / comparedShare) === 0;
    if (!isSampled || free.test(text)) return;
    const again = await runOne(client, text, this.#options.settings.timeLimitMs * hangLimits);
    if (again.rows === undefined || hasSameRows(rows, again.rows)) return;
    const detail = 'two runs gave different rows';
    this.#suspect({ seed, text, piece }, { kind: 'other rows', detail });
  }

  /** Checks the other clients and the memory. */
  async #watch(): Promise<void> {
    const subject = await this.#subject;
    const { settings, bounds } = this.#options;
    for (const call of takeProbeCalls(subject)) {
      const { what, startMs, endMs, status } = call;
      if (status === 0) continue;
      this.#totals.addDelay(what, subject.stalls.withoutStalls(startMs, endMs));
      const fault = faultOfProbe(call, subject, bounds);
      if (fault) this.#blame(fault, startMs, endMs);
    }
    this.#totals.probeCallsCount += subject.probeCallsCount;
    subject.probeCallsCount = 0;
    const { residentBytesMax, residentAtMs } = subject;
    this.#totals.residentBytesMax = Math.max(this.#totals.residentBytesMax, residentBytesMax);
    const large = faultOfMemory(subject, settings, bounds);
    if (large) this.#blame(large, residentAtMs, residentAtMs);
    subject.residentBytesMax = 0;
    const oldMs = monotonicMs() - 30_000;
    this.#running = this.#running.filter(({ endMs }) => endMs > oldMs);
  }

  #blame(fault: Fault, fromMs: number, toMs: number): void {
    for (const { statement, startMs, endMs } of this.#running) {
      if (startMs < toMs && endMs > fromMs - blameMs) this.#suspect(statement, fault);
    }
  }

  #suspect(statement: Statement, fault: Fault): void {
    const key = `${statement.seed} ${classOf(fault)}`;
    if (this.#suspects.has(key)) return;
    this.#totals.suspect(fault);
    this.#suspects.set(key, { statement, fault });
  }

  /** Starts another server, once for all lanes. */
  async #renew(old: Subject): Promise<void> {
    const held = this.#subject;
    if ((await held) !== old || this.#subject !== held) return;
    this.#subject = (async () => {
      await old[Symbol.asyncDispose]();
      return Subject.start(this.#options.settings, this.#dataFile);
    })();
  }
}
