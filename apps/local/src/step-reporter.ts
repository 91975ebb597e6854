import type { StackStep } from './start-local-stack.ts';
import type { Terminal } from './terminal.ts';

/** Shows how far the start and the end of the stack have come. */
export function createStepReporter(terminal: Terminal): (step: StackStep) => void {
  const starting = new Set<string>();
  return ({ what, names }) => {
    for (const name of names) {
      if (what === 'starting') starting.add(name);
      else starting.delete(name);
    }
    if (what === 'stopping') show(terminal, `Stopping ${names.join(', ')} …`);
    // Where lines stay, the table that follows says it all.
    else if (terminal.isLive) show(terminal, `Starting ${[...starting].join(', ')} …`);
  };
}

function show(terminal: Terminal, line: string): void {
  terminal.live(line.slice(0, terminal.columnsCount - 1));
}
