import type { Signal } from '@preact/signals';
import { signal } from '@preact/signals';

/** The server's clock minus the browser's: charts end at the server's now. */
const offsetMs: Signal<number> = signal(0);

/** Learns the server's time. */
export function setServerTime(nowMs: number): void {
  offsetMs.value = nowMs - Date.now();
}

/** Now, as the server has it. */
export function serverNowMs(): number {
  return Date.now() + offsetMs.peek();
}
