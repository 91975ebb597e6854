import type { Clock } from '@highwater/model';
import { readPipelineState, type PipelineState } from './pipeline-state.ts';
import type { LocalStack } from './start-local-stack.ts';
import { renderStatusLine, statusParts } from './status-line.ts';
import type { Terminal } from './terminal.ts';

const liveIntervalMs = 1_000;
/**
 * Rates are averages over this many states. Otherwise, a service that reads once a second would
 * seem to jump.
 */
const liveStatesMax = 6;
const plainIntervalMs = 10_000;

/** Shows the pipeline's progress until the signal aborts: a live line, or one line every 10 s. */
export async function showProgress(
  stack: Pick<LocalStack, 'services'>,
  options: { readonly terminal: Terminal; readonly clock: Clock },
  signal: AbortSignal,
): Promise<void> {
  const { terminal, clock } = options;
  const intervalMs = terminal.isLive ? liveIntervalMs : plainIntervalMs;
  const statesMax = terminal.isLive ? liveStatesMax : 2;
  let states: readonly PipelineState[] = [];
  while (!signal.aborted) {
    states = [...states, await readPipelineState(stack.services, clock)].slice(-statesMax);
    if (signal.aborted) return;
    // Where lines are permanent, a line without rates is not worth printing.
    if (terminal.isLive || states.length > 1) terminal.live(render(states, terminal));
    await clock.sleep(intervalMs, signal).catch(() => undefined);
  }
}

function render(states: readonly PipelineState[], terminal: Terminal): string {
  const line = renderStatusLine(statusParts(states, terminal.columnsCount - 1), (label) =>
    terminal.style('dim', label),
  );
  const nowMs = states.at(-1)?.nowMs ?? 0;
  return terminal.isLive ? line : `${new Date(nowMs).toISOString().slice(11, 19)}  ${line}`;
}
