import { signal } from '@preact/signals';
import { togglePause } from './live.ts';
import { currentSpan, showSpan } from './range.ts';
import { toggleTheme } from './theme.ts';
import { goTo } from './url-state.ts';

export const isHelpOpen = signal(false);

/** Every key, for the help and for the handler. */
export const keys: readonly {
  readonly key: string;
  readonly shown: string;
  readonly meaning: string;
  readonly act: () => void;
}[] = [
  { key: '/', shown: '/', meaning: 'Search', act: focusSearch },
  { key: 'l', shown: 'l', meaning: 'Pause or resume live data', act: togglePause },
  { key: 't', shown: 't', meaning: 'Switch between light and dark', act: toggleTheme },
  { key: 'ArrowLeft', shown: '←', meaning: 'Move to earlier', act: () => pan(-0.25) },
  { key: 'ArrowRight', shown: '→', meaning: 'Move to later', act: () => pan(0.25) },
  { key: '+', shown: '+', meaning: 'Zoom in', act: () => zoom(0.5) },
  { key: '-', shown: '−', meaning: 'Zoom out', act: () => zoom(2) },
  { key: '1', shown: '1', meaning: 'Explore', act: () => goTo('/explore') },
  { key: '2', shown: '2', meaning: 'Corrections', act: () => goTo('/corrections') },
  { key: '3', shown: '3', meaning: 'Pipeline', act: () => goTo('/pipeline') },
  { key: '4', shown: '4', meaning: 'Query', act: () => goTo('/query') },
  { key: '?', shown: '?', meaning: 'This help', act: toggleHelp },
];

/** Handles a key, unless it is meant for an input field. */
export function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { target } = event;
  const isField =
    target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');
  if (isField) {
    if (event.key === 'Escape') target.blur();
    return;
  }
  if (event.key === 'Escape') isHelpOpen.value = false;
  const found = keys.find(({ key }) => key === event.key);
  if (!found) return;
  event.preventDefault();
  found.act();
}

/** Moves the range by a share of itself. */
export function pan(share: number): void {
  const { fromMs, toMs } = currentSpan();
  const byMs = (toMs - fromMs) * share;
  showSpan({ fromMs: fromMs + byMs, toMs: toMs + byMs });
}

/** Scales the length of the range by a factor, around its middle. */
export function zoom(factor: number): void {
  const { fromMs, toMs } = currentSpan();
  const middleMs = (fromMs + toMs) / 2;
  const halfMs = ((toMs - fromMs) / 2) * factor;
  showSpan({ fromMs: middleMs - halfMs, toMs: middleMs + halfMs });
}

/** Opens the help, or closes it. */
export function toggleHelp(): void {
  isHelpOpen.value = !isHelpOpen.peek();
}

function focusSearch(): void {
  document.querySelector<HTMLInputElement>('[data-search]')?.focus();
}
