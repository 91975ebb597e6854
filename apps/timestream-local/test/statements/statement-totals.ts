import { classOf, type Fault } from './fault.ts';
import { messageClass } from './foreign-words.ts';
import type { Outcome } from './run-one.ts';
import { functionNames, type Statement } from './statement.ts';

const shownCount = 10;

interface Slow {
  readonly seed: string;
  readonly tookMs: number;
  readonly name: string;
}

/** The results of many statements. */
export class StatementTotals {
  count = 0;
  #passed = 0;
  #refusedBehind = 0;
  /** Faults by class, before they are confirmed. */
  readonly #suspected = new Map<string, number>();
  readonly #names = new Map<string, number>();
  readonly #messages = new Map<string, number>();
  readonly #covered = new Set<string>();
  readonly #longestMs = new Map<string, number>();
  #slowest: Slow[] = [];
  residentBytesMax = 0;
  probeCallsCount = 0;
  /** How long the statements ran, without confirming faults. */
  runMs = 0;

  add({ seed, text }: Statement, { name, message, startMs, endMs }: Outcome): void {
    this.count += 1;
    const isRefused = name === 'ValidationException';
    const isBehind = message.includes('not supported here: ');
    if (isBehind) this.#refusedBehind += 1;
    if (!isRefused || isBehind) this.#passed += 1;
    if (!isRefused) {
      for (const [, called = ''] of text.matchAll(/\b([a-z]\w+)\(/g)) this.#covered.add(called);
    }
    increase(this.#names, name);
    if (isRefused) increase(this.#messages, messageClass(message));
    const tookMs = endMs - startMs;
    if (tookMs < (this.#slowest.at(-1)?.tookMs ?? 0) && this.#slowest.length >= shownCount) return;
    this.#slowest = [...this.#slowest, { seed, tookMs, name }]
      .toSorted((a, b) => b.tookMs - a.tookMs)
      .slice(0, shownCount);
  }

  suspect(fault: Fault): void {
    increase(this.#suspected, classOf(fault));
  }

  /** How long a call of another client took, without stalls of the machine. */
  addDelay(what: string, tookMs: number): void {
    this.#longestMs.set(what, Math.max(tookMs, this.#longestMs.get(what) ?? 0));
  }

  /** One line about the progress. */
  progress(): string {
    const rate = Math.round((this.count / this.runMs) * 1000);
    const suspected = [...this.#suspected.values()].reduce((sum, count) => sum + count, 0);
    return `${this.count} statements, ${rate} a second, ${suspected} faults suspected`;
  }

  describe(): string {
    const covered = functionNames.filter((name) => this.#covered.has(name));
    const missing = functionNames.filter((name) => !this.#covered.has(name));
    const share = (count: number) => `${((100 * count) / Math.max(1, this.count)).toFixed(1)} %`;
    return [
      this.progress(),
      `${share(this.#passed)} passed the type checks, ${share(this.#refusedBehind)} were then refused by DuckDB`,
      `answers: ${listed(this.#names)}`,
      `functions: ${covered.length} of ${functionNames.length} in statements that ran${missing.length > 0 ? `; not ${missing.slice(0, 20).join(', ')}` : ''}`,
      `other clients: ${this.probeCallsCount} calls, the longest ${listed(this.#longestMs, ' ms')}`,
      `memory: ${Math.round(this.residentBytesMax / 2 ** 20)} MiB at most`,
      `slowest: ${this.#slowest.map(({ seed, tookMs, name }) => `${seed} ${Math.round(tookMs)} ms (${name})`).join(', ')}`,
      `refused: ${listed(this.#messages, '', 6)}`,
      `suspected before they were confirmed: ${listed(this.#suspected, '', 30)}`,
      '',
    ].join('\n');
  }
}

function increase(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function listed(counts: ReadonlyMap<string, number>, unit = '', most = 20): string {
  const entries = [...counts].toSorted(([, a], [, b]) => b - a).slice(0, most);
  return entries.map(([key, count]) => `${key} ${Math.round(count)}${unit}`).join('; ') || 'none';
}
