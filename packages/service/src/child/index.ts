// For a child process started with `fork`. Kept small because it loads before the child's own code.
export { systemClock } from '../system-clock.ts';
export { endThisProcess, serveParent } from './serve-parent.ts';
