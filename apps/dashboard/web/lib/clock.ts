import type { Signal } from '@preact/signals';
import { signal } from '@preact/signals';

/** The server's clock minus the browser's, because charts end at the server's current time. */
const offsetMs: Signal<number> = signal(0);

/** Updates the offset from the server's time. */
export function setServerTime(nowMs: number): void {
  offsetMs.value = nowMs - Date.now();
}

/** The current time of the server. */
export function serverNowMs(): number {
  return Date.now() + offsetMs.peek();
}
