export { disturbEvents } from './disturb-events.ts';
export { SeededRandom } from './seeded-random.ts';
export { FaultPlan, type FaultRates } from './fault-plan.ts';
