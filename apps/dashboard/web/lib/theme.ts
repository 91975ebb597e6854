import { signal } from '@preact/signals';
import { readStored, store } from './stored.ts';

const key = 'highwater.theme';
const system = matchMedia('(prefers-color-scheme: dark)');

const chosen = signal<'light' | 'dark' | null>(read());
const isSystemDark = signal(system.matches);

/** Rises with every change of colours, for what is drawn on a canvas. */
export const themeChanges = signal(0);

system.addEventListener('change', () => {
  isSystemDark.value = system.matches;
  applyTheme();
});

/** Whether the page is dark now. */
export function isDark(): boolean {
  return chosen.value === null ? isSystemDark.value : chosen.value === 'dark';
}

/** Puts the colours on the page. */
export function applyTheme(): void {
  document.documentElement.dataset['theme'] = isDark() ? 'dark' : 'light';
  themeChanges.value += 1;
}

/** Changes to the other one; the system's own choice needs no memory. */
export function toggleTheme(): void {
  const next = isDark() ? 'light' : 'dark';
  const isSystems = (next === 'dark') === isSystemDark.peek();
  chosen.value = isSystems ? null : next;
  store(key, isSystems ? null : next);
  applyTheme();
}

function read(): 'light' | 'dark' | null {
  const stored = readStored(key);
  return stored === 'light' || stored === 'dark' ? stored : null;
}

/** A colour of the page, for a canvas. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
