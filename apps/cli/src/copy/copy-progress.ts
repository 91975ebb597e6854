import type { Clock, Logger } from '@highwater/model';
import type { CopyRange } from './plan-ranges.ts';
import { countText, timeText } from './render-copy.ts';

/** Where progress is shown. */
export interface Screen {
  /** Whether a line can be written over. */
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

const linePeriodMs = 500;
const logPeriodMs = 10_000;

/** Shows how far the copy is: on a terminal in one line, otherwise in a line every ten seconds. */
export class CopyProgress {
  readonly #clock: Clock;
  readonly #screen: Screen;
  readonly #startMs: number;
  readonly #totalRows: number;
  /** Rows of finished ranges, those of earlier runs included. */
  #doneRows = 0;
  #copiedRows = 0;
  #rangeRows = 0;
  #shownAtMs: number;
  #isLineOpen = false;

  constructor(options: {
    readonly clock: Clock;
    readonly screen: Screen;
    /** Rows that the source has in all ranges together. */
    readonly totalRows: number;
  }) {
    this.#clock = options.clock;
    this.#screen = options.screen;
    this.#totalRows = options.totalRows;
    this.#startMs = options.clock.monotonicMs();
    this.#shownAtMs = this.#startMs;
  }

  /** A range of an earlier run. */
  skip(rowsCount: number): void {
    this.#doneRows += rowsCount;
  }

  /** A range is copied from its beginning, perhaps not for the first time. */
  beginRange(): void {
    this.#rangeRows = 0;
  }

  /** More rows of a range are written. */
  wrote(range: CopyRange, rowsCount: number): void {
    this.#rangeRows += rowsCount;
    this.#copiedRows += rowsCount;
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#shownAtMs < (this.#screen.isTTY ? linePeriodMs : logPeriodMs)) return;
    this.#shownAtMs = nowMs;
    this.#show(this.#line(range, nowMs));
  }

  endRange(): void {
    this.#doneRows += this.#rangeRows;
    this.#rangeRows = 0;
  }

  /** Shows a line that stays. */
  note(text: string): void {
    this.end();
    this.#screen.write(`${text}\n`);
  }

  /** Ends the line that is written over. */
  end(): void {
    if (this.#isLineOpen) this.#screen.write('\r\u001b[K');
    this.#isLineOpen = false;
  }

  #show(line: string): void {
    this.#isLineOpen = this.#screen.isTTY === true;
    this.#screen.write(this.#isLineOpen ? `\r${line}\u001b[K` : `${line}\n`);
  }

  #line({ table, startMs }: CopyRange, nowMs: number): string {
    const rows = this.#doneRows + this.#rangeRows;
    const perSecond = (this.#copiedRows * 1_000) / Math.max(1, nowMs - this.#startMs);
    const leftSeconds = Math.max(0, this.#totalRows - rows) / perSecond;
    return [
      `${table} ${timeText(startMs)}: ${countText(rows)} of ${countText(this.#totalRows)} rows`,
      `${countText(Math.round(perSecond))} rows/s`,
      `about ${durationText(leftSeconds)} left`,
    ].join(', ');
  }
}

/** A log whose warnings are lines beside the progress. */
export function logTo(progress: CopyProgress): Logger {
  const show: Logger['warn'] = ({ err }, message) => {
    progress.note(err instanceof Error ? `${message} ${err.message}` : message);
  };
  const nothing = () => undefined;
  return { trace: nothing, debug: nothing, info: nothing, warn: show, error: show };
}

function durationText(seconds: number): string {
  if (seconds < 120) return `${Math.ceil(seconds)} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}
