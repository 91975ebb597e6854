import { computed, signal } from '@preact/signals';

/** The content of the address: the page and everything that is shown on it. */
export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
}

const read = (): Place => ({
  path: location.pathname === '/' ? '/explore' : location.pathname,
  query: new URLSearchParams(location.search),
});

/** The current address. */
export const place = signal<Place>(read());

export const path = computed(() => place.value.path);

addEventListener('popstate', () => {
  place.value = read();
});

/** Goes to another page, and keeps times and zone. */
export function goTo(target: string, change: Changes = {}): void {
  const kept = new URLSearchParams();
  for (const name of ['range', 'from', 'to', 'tz', 'live']) {
    for (const value of place.peek().query.getAll(name)) kept.append(name, value);
  }
  move(target, apply(kept, change), true);
}

/** A name's new value, its new values, or `null` to remove it. */
export type Changes = Readonly<Record<string, string | readonly string[] | null>>;

/**
 * Changes the shown content.
 *
 * @param isStep whether the browser's back button returns to the previous one
 */
export function show(changes: Changes, isStep = false): void {
  const { path: current, query } = place.peek();
  move(current, apply(new URLSearchParams(query), changes), isStep);
}

function apply(query: URLSearchParams, changes: Changes): URLSearchParams {
  for (const [name, value] of Object.entries(changes)) {
    query.delete(name);
    if (value === null) continue;
    for (const each of typeof value === 'string' ? [value] : value) query.append(name, each);
  }
  return query;
}

function move(target: string, query: URLSearchParams, isStep: boolean): void {
  const text = query.toString();
  const address = text === '' ? target : `${target}?${text}`;
  if (address === location.pathname + location.search) return;
  if (isStep) history.pushState(null, '', address);
  else history.replaceState(null, '', address);
  place.value = { path: target, query };
}
