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
  type FaultKind,
} from './fault.ts';
import { JsonClient } from './json-client.ts';
import { smaller, textOf, type Piece } from './piece.ts';
import { hasSameRows, runOne } from './run-one.ts';
import { Subject, type SubjectSettings } from './subject.ts';

/** Limits on the search for a smaller statement. */
const shrinkRunsMax = 120;
const shrinkMsMax = 40_000;
const busyFactor = 3;
/** After these, the server is in its initial state. */
const harmless: ReadonlySet<FaultKind> = new Set(['foreign words', 'other rows']);

/** Runs statements one at a time, on a server that is still undamaged. */
export class Alone implements AsyncDisposable {
  readonly #settings: SubjectSettings;
  readonly #dataFile: string;
  readonly #bounds: Bounds;
  #subject: Subject | undefined;

  constructor(settings: SubjectSettings, dataFile: string, bounds: Bounds) {
    this.#settings = settings;
    this.#dataFile = dataFile;
    this.#bounds = bounds;
  }

  /**
   * The fault of a statement.
   *
   * @param isTwice whether it must return the same rows again
   */
  async faultsOf(text: string, isTwice = false): Promise<readonly Fault[]> {
    this.#subject ??= await Subject.start(this.#settings, this.#dataFile);
    const subject = this.#subject;
    const bounds = await this.#boundsNow(subject);
    subject.probeCalls = [];
    subject.residentBytesMax = 0;
    using client = new JsonClient(subject.port);
    const hangMs = this.#settings.timeLimitMs * hangLimits;
    const outcome = await runOne(client, text, hangMs);
    const again = isTwice ? await runOne(client, text, hangMs) : undefined;
    await subject.settle();
    await subject.settle();
    const own = faultOfAnswer(outcome);
    const found = [
      own && subject.gone !== undefined ? { ...own, detail: subject.gone } : own,
      faultOfTime(outcome, subject, this.#settings, bounds),
      faultOfMemory(subject, this.#settings, bounds),
      ...takeProbeCalls(subject).map((call) => faultOfProbe(call, subject, bounds)),
    ].filter((fault) => fault !== undefined);
    if (outcome.rows !== undefined && again?.rows !== undefined) {
      const isSame = hasSameRows(outcome.rows, again.rows);
      if (!isSame) found.push({ kind: 'other rows', detail: 'two runs gave different rows' });
    }
    if (subject.gone?.startsWith('ended by us')) {
      found.push({ kind: 'memory', detail: subject.gone });
    }
    if (found.some(({ kind }) => !harmless.has(kind))) await this.#renew();
    return found;
  }

  /** The fault of a class, if a statement shows it in each of this many runs. */
  async confirm(text: string, wanted: string, times = 2): Promise<Fault | undefined> {
    let found: Fault | undefined;
    for (let time = 0; time < times; time += 1) {
      const faults = wanted.includes(':')
        ? await this.#faultsOfAnswer(text)
        : await this.faultsOf(text, wanted === 'other rows');
      found = faults.find((fault) => classOf(fault) === wanted);
      if (!found) return undefined;
    }
    return found;
  }

  /** A smaller statement with the same fault. */
  async shrink(root: Piece, wanted: string): Promise<Piece> {
    const untilMs = performance.now() + shrinkMsMax;
    let best = root;
    let runs = 0;
    for (let isSmaller = true; isSmaller;) {
      isSmaller = false;
      const tried = new Set<string>();
      for (const candidate of smaller(best)) {
        const text = textOf(candidate);
        if (text.length >= textOf(best).length || tried.has(text)) continue;
        tried.add(text);
        if (runs >= shrinkRunsMax || performance.now() > untilMs) return best;
        runs += 1;
        if (!(await this.confirm(text, wanted, 1))) continue;
        best = candidate;
        isSmaller = true;
        break;
      }
    }
    return best;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#renew();
  }

  /** Problems of the answer alone, which need no other checks. */
  async #faultsOfAnswer(text: string): Promise<readonly Fault[]> {
    this.#subject ??= await Subject.start(this.#settings, this.#dataFile);
    using client = new JsonClient(this.#subject.port);
    const fault = faultOfAnswer(
      await runOne(client, text, this.#settings.timeLimitMs * hangLimits),
    );
    if (fault && !harmless.has(fault.kind)) await this.#renew();
    return fault ? [fault] : [];
  }

  /** On a machine so busy that others already wait, this many times the delay is allowed. */
  async #boundsNow(subject: Subject): Promise<Bounds> {
    subject.probeCalls = [];
    await subject.settle();
    const waits = subject.probeCalls.map(({ startMs, endMs }) => endMs - startMs);
    const delayMsMax = Math.max(this.#bounds.delayMsMax, busyFactor * Math.max(0, ...waits));
    return { ...this.#bounds, delayMsMax };
  }

  async #renew(): Promise<void> {
    const old = this.#subject;
    this.#subject = undefined;
    await old?.[Symbol.asyncDispose]();
  }
}
