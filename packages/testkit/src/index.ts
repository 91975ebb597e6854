export { FaultPlan, type Fault, type FaultRates } from './faults/fault-plan.ts';
export { withFaults } from './faults/with-faults.ts';
export {
  KinesisAccount,
  type KinesisAccountOptions,
  type ShardRead,
} from './kinesis/kinesis-account.ts';
export { MemoryKinesis } from './kinesis/memory-kinesis.ts';
export type { HashKeyRange, MemoryShard } from './kinesis/memory-shard.ts';
export type { MemoryStream, StreamStatus } from './kinesis/memory-stream.ts';
export type { LoggedRecord } from './kinesis/record-log.ts';
export { ServiceException } from './kinesis/service-exception.ts';
export { SeededRandom } from './seeded-random.ts';
export { SimulatedClock } from './simulated-clock.ts';
export { faultyStore, StoreUnavailableError } from './store/faulty-store.ts';
export { MemoryStore, rowIdentity } from './store/memory-store.ts';
