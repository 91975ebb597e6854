export type { Answered, Api, Call, Failure } from './api.ts';
export type { BodyFormat } from './body-format.ts';
export { CallRefusal, type CallProblem } from './call-refusal.ts';
export { closeSignal } from './close-signal.ts';
export { startApi, type ApiServer } from './start-api.ts';
