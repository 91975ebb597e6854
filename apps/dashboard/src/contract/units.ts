import { z } from 'zod';

/** An instant. */
export const timeMs = z.number().describe('ms since the Unix epoch');

/** A number of things. */
export const count = z.int().min(0);

/** How long the store took. */
export const elapsedMs = z.number().min(0).describe('Response time of the store, in ms');
