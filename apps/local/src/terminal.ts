import { styleText } from 'node:util';

/** The parts of a stream that the screen needs. */
export interface Output {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): boolean;
}

type Style = Parameters<typeof styleText>[0];

/** A terminal, or a file or pipe instead: permanent lines, and one that is rewritten. */
export interface Terminal {
  readonly isLive: boolean;
  readonly columnsCount: number;
  /** Writes permanent lines, above the live one. */
  print(...lines: readonly string[]): void;
  /**
   * Replaces the live line. Where output is not a terminal, this is a permanent line. A line must
   * be shorter than the width of the terminal, because a wrapped line cannot be rewritten.
   */
  live(line: string): void;
  /** Leaves the live line where it is. */
  settle(): void;
  /** Removes the live line. */
  clear(): void;
  style(style: Style, text: string): string;
}

const eraseLine = '\r\u001B[2K';
const columnsWithoutTerminal = 200;

/** Wraps an output. Uses styles only on a terminal (and when `NO_COLOR` is not set). */
export function createTerminal(output: Output & NodeJS.WritableStream): Terminal {
  const isLive = output.isTTY === true;
  let liveLine = '';
  return {
    isLive,
    get columnsCount() {
      return isLive ? (output.columns ?? 80) : columnsWithoutTerminal;
    },
    print: (...lines) => {
      const above = lines.map((line) => `${line}\n`).join('');
      output.write(liveLine === '' ? above : `${eraseLine}${above}${liveLine}`);
    },
    live: (line) => {
      if (!isLive) {
        output.write(`${line}\n`);
        return;
      }
      output.write(`${eraseLine}${line}`);
      liveLine = line;
    },
    settle: () => {
      if (liveLine !== '') output.write('\n');
      liveLine = '';
    },
    clear: () => {
      if (liveLine !== '') output.write(eraseLine);
      liveLine = '';
    },
    style: (style, text) => styleText(style, text, { stream: output }),
  };
}
