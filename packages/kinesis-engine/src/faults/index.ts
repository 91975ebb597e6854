export { disturbEvents, type DisturbEventsOptions } from './disturb-events.ts';
export { SeededRandom } from './seeded-random.ts';
export { FaultPlan, type Fault, type FaultRates, type SubscriptionFault } from './fault-plan.ts';
