export { Bodies } from './bodies.ts';
export { checkRequest, type Refusal, type RequestRules } from './check-request.ts';
export { BodyError, type BodyProblem } from './errors.ts';
export {
  createFrontDoor,
  type FrontDoor,
  type FrontDoorOptions,
  type TlsFiles,
} from './front-door.ts';
export { guardRequests, readBodies } from './guard-fastify.ts';
export { hostNamesSetting } from './host-names.ts';
export { frontDoorLimits, type FrontDoorLimits } from './limits.ts';
export { listen, type Listener, type ListenOptions } from './listen.ts';
