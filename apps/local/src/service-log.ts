import { createWriteStream, renameSync, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** One line of a service's log, parsed. */
export type LogFields = Readonly<Record<string, unknown>>;

const lastLinesMax = 20;

/**
 * Stores the output of a service: all of it in a file, the last lines in memory, and the first line
 * of each message, because services log the addresses where they listen.
 */
export class ServiceLog {
  readonly path: string;
  /** Undefined once a write has failed. */
  #file: WriteStream | undefined;
  /** Number of lines that could not be written since the last successful write. */
  #missingCount = 0;
  readonly #announced = new Map<string, LogFields>();
  readonly #waiting = new Map<string, (fields: LogFields) => void>();
  #lastLines: string[] = [];

  /** The file of the previous run is kept next to it, as `<path>.1`. */
  constructor(path: string) {
    this.path = path;
    try {
      renameSync(path, `${path}.1`);
    } catch {
      // There was no previous run.
    }
    this.#file = this.#open('w');
  }

  /** Reads the lines of an output until it ends. */
  take(output: Readable): void {
    createInterface(output).on('line', (line) => {
      this.#write(line);
      this.#lastLines = [...this.#lastLines, line].slice(-lastLinesMax);
      this.#announce(line);
    });
  }

  /** The original lines, oldest first. */
  get lastLines(): readonly string[] {
    return this.#lastLines;
  }

  /** Resolves with the first line of this message, now or later; never if there is none. */
  announcement(message: string): Promise<LogFields> {
    const fields = this.#announced.get(message);
    if (fields !== undefined) return Promise.resolve(fields);
    return new Promise((resolve) => {
      this.#waiting.set(message, resolve);
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#file === undefined) resolve();
      else this.#file.end(() => resolve());
    });
  }

  #open(flags: 'w' | 'a'): WriteStream {
    // It may contain data from records.
    const file = createWriteStream(this.path, { flags, mode: 0o600 });
    file.once('error', () => {
      if (this.#file === file) this.#file = undefined;
    });
    return file;
  }

  /**
   * A full disk stops no service. Its lines continue once there is space, with the number of
   * missing lines.
   */
  #write(line: string): void {
    const missing = this.#missingCount;
    const gap = missing === 0 ? '' : `\n… ${missing} lines are missing here. Is the disk full?\n`;
    this.#file ??= this.#open('a');
    this.#missingCount = 0;
    this.#file.write(`${gap}${line}\n`, (error) => {
      if (error) this.#missingCount += missing + 1;
    });
  }

  #announce(line: string): void {
    if (!line.startsWith('{"')) return;
    const fields = parseLine(line);
    const message = fields?.['msg'];
    if (fields === undefined || typeof message !== 'string' || this.#announced.has(message)) return;
    // Only messages at the start of a service are awaited. Messages are fixed sentences, so there
    // are few.
    this.#announced.set(message, fields);
    this.#waiting.get(message)?.(fields);
    this.#waiting.delete(message);
  }
}

function parseLine(line: string): LogFields | undefined {
  try {
    return JSON.parse(line) as LogFields;
  } catch {
    return undefined;
  }
}

const hidden = new Set(['level', 'time', 'name', 'msg', 'err', 'config']);

/** Makes a log line readable: time, level, message, error, fields. Other lines stay unchanged. */
export function renderLogLine(line: string): string {
  const fields = line.startsWith('{"') ? parseLine(line) : undefined;
  if (fields === undefined || typeof fields['msg'] !== 'string') return line;
  const { time, level, msg, err } = fields;
  const detail = (err as { message?: string } | undefined)?.message;
  const rest = Object.entries(fields).filter(([name]) => !hidden.has(name));
  return [
    String(time).slice(11, 19),
    String(level).padEnd(5),
    msg,
    ...(detail === undefined ? [] : [detail]),
    ...rest.map(([name, value]) => `${name}=${JSON.stringify(value)}`),
  ].join(' ');
}
