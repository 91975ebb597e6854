import { signal } from '@preact/signals';
import { readStored, store } from './stored.ts';

const key = 'highwater.theme';
const system = matchMedia('(prefers-color-scheme: dark)');

const chosen = signal<'light' | 'dark' | null>(read());
const isSystemDark = signal(system.matches);

/** Rises with every change of colors, for canvas drawings. */
export const themeChanges = signal(0);

system.addEventListener('change', () => {
  isSystemDark.value = system.matches;
  applyTheme();
});

/** Whether the page is dark now. */
export function isDark(): boolean {
  return chosen.value === null ? isSystemDark.value : chosen.value === 'dark';
}

/** Applies the colors to the page. */
export function applyTheme(): void {
  document.documentElement.dataset['theme'] = isDark() ? 'dark' : 'light';
  themeChanges.value += 1;
}

/** Switches to the other theme. The system's own choice is not stored. */
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

/** A color of the page, for a canvas. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
