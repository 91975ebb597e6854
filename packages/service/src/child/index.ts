// For a process that another one forks: small, for it loads before such a process can do anything.
export { systemClock } from '../system-clock.ts';
export { endThisProcess, serveParent } from './serve-parent.ts';
