export { Bodies } from './bodies.ts';
export { checkRequest } from './check-request.ts';
export { BodyError } from './errors.ts';
export { createFrontDoor, type TlsFiles } from './front-door.ts';
export { guardRequests, readBodies } from './guard-fastify.ts';
export { frontDoorLimits, type FrontDoorLimits } from './limits.ts';
export { listen, type Listener } from './listen.ts';
